import { InvalidWebhooksOptionError } from 'nestjs-webhooks';
import { EnvironmentError } from './config/environment.error.js';

const VARIABLES: Readonly<Record<string, string>> = {
  retry: 'WEBHOOKS_RETRY_SCHEDULE',
  encryption: 'WEBHOOKS_ENCRYPTION_KEYS',
  redis: 'REDIS_URL',
};

/** Explains why the app did not start, and what to do. */
export function explain(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  if (error instanceof InvalidWebhooksOptionError) {
    const variable = VARIABLES[error.option.split('.')[0] ?? ''];
    return variable ? `${variable}: ${error.message}` : error.message;
  }
  if (isAddressInUse(error)) return `Port ${error.port} is taken. Choose another one: PORT=${error.port + 1}`;
  if (isRefused(error)) return 'DATABASE_URL: nothing answers there.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const isAddressInUse = (error: unknown): error is { port: number } =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;

const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
