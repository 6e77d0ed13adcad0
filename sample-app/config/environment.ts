import { isIP } from 'node:net';
import {
  accountPasswords,
  apiKeys,
  operatorAccounts,
  type AccountKey,
  type AccountPassword,
} from './account-credentials.js';
import { accountMails, mailSettings, type MailSettings } from './account-mails.js';
import { EnvironmentError } from './environment.error.js';

/** Short, so that people who make the demo receiver fail soon see the next attempt. */
export const DEMO_RETRY_SCHEDULE: readonly string[] = ['10s', '30s', '1m', '2m', '5m'];

const DATABASE_SCHEMES = ['sqlite:', 'postgres:', 'postgresql:', 'mysql:', 'mariadb:'];

/** The settings from the environment. */
export interface Environment {
  readonly port: number;
  /** `undefined`: every address of this machine. */
  readonly host: string | undefined;
  /** `sqlite:<file>`, or the URL of a PostgreSQL, MySQL or MariaDB database. */
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  /** Whether webhooks may go to this machine and its private networks. */
  readonly allowLocal: boolean;
  readonly encryptionKeys: readonly string[];
  /** `undefined`: the default of the package. */
  readonly retrySchedule: readonly string[] | undefined;
  readonly demo: boolean;
  /** The configured API keys, each with its account. */
  readonly apiKeys: readonly AccountKey[];
  /** Passwords of the accounts that people may sign in to. */
  readonly passwords: readonly AccountPassword[];
  /** The accounts that may see the webhooks of all accounts. */
  readonly operators: readonly string[];
  /** The token for health and metrics. `undefined`: these routes do not exist. */
  readonly monitoringToken: string | undefined;
  /** `undefined`: no mail is sent. */
  readonly mail: MailSettings | undefined;
  /** Mail addresses, by account id. */
  readonly accountMails: ReadonlyMap<string, string>;
}

/** @throws EnvironmentError */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const demo = flag('DEMO', env.DEMO);
  const keys = apiKeys(list(env.ACCOUNT_API_KEYS), demo);
  const passwords = accountPasswords(list(env.ACCOUNT_PASSWORDS), demo);
  return Object.freeze({
    port: port(env.PORT),
    // Everybody knows the demo keys, so by default the demo only listens on this machine.
    host: host(env.HOST) ?? (demo ? '127.0.0.1' : undefined),
    databaseUrl: url('DATABASE_URL', env.DATABASE_URL, DATABASE_SCHEMES) ?? 'sqlite:roundabout.sqlite',
    redisUrl: url('REDIS_URL', env.REDIS_URL, ['redis:', 'rediss:']),
    allowLocal: flag('WEBHOOKS_ALLOW_LOCAL', env.WEBHOOKS_ALLOW_LOCAL),
    encryptionKeys: list(env.WEBHOOKS_ENCRYPTION_KEYS),
    retrySchedule: retrySchedule(env.WEBHOOKS_RETRY_SCHEDULE, demo),
    demo,
    apiKeys: keys,
    passwords,
    operators: operatorAccounts(list(env.OPERATOR_ACCOUNTS), demo, [...keys, ...passwords]),
    monitoringToken: env.MONITORING_TOKEN || undefined,
    mail: mailSettings(url('SMTP_URL', env.SMTP_URL, ['smtp:', 'smtps:']), env.MAIL_FROM),
    accountMails: accountMails(list(env.ACCOUNT_EMAILS)),
  });
}

function port(value = '3000'): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new EnvironmentError('PORT', `must be a port number such as 3000, got '${value}'.`);
}

function host(value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (isIP(value) !== 0 || value === 'localhost') return value;
  throw new EnvironmentError('HOST', `must be an address to listen on such as 0.0.0.0, got '${value}'.`);
}

function flag(variable: string, value = ''): boolean {
  if (value === '1' || value === 'true') return true;
  if (value === '' || value === '0' || value === 'false') return false;
  throw new EnvironmentError(variable, `must be 1 or 0, got '${value}'.`);
}

function url(variable: string, value: string | undefined, schemes: readonly string[]): string | undefined {
  if (!value) return undefined;
  const scheme = /^[a-z]+:/.exec(value)?.[0] ?? '';
  const wellFormed = scheme === 'sqlite:' ? value.length > scheme.length : URL.canParse(value);
  if (schemes.includes(scheme) && wellFormed) return value;
  // Without the value, because such a URL contains a password.
  throw new EnvironmentError(variable, `must be a URL that begins with ${schemes.join(', ')}`);
}

function list(value = ''): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function retrySchedule(value: string | undefined, demo: boolean): readonly string[] | undefined {
  const offsets = list(value);
  if (offsets.length > 0) return offsets;
  return demo ? DEMO_RETRY_SCHEDULE : undefined;
}
