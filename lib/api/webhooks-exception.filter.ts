import {
  Catch,
  HttpException,
  HttpStatus,
  Inject,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebhooksError } from '../domain/webhooks.error.js';

/** What every error of the routes looks like. */
export interface WebhooksErrorBody {
  readonly statusCode: number;
  /** Stable: `webhooks/…`. */
  readonly code: string;
  readonly message: string;
  /** For an invalid input: every field with its problem. */
  readonly details?: readonly { readonly field: string; readonly message: string }[];
}

const STATUS: Readonly<Record<string, HttpStatus>> = {
  'webhooks/invalid-input': HttpStatus.BAD_REQUEST,
  'webhooks/tenant-missing': HttpStatus.FORBIDDEN,
  'webhooks/not-found': HttpStatus.NOT_FOUND,
  'webhooks/endpoint-inactive': HttpStatus.CONFLICT,
  'webhooks/delivery-in-flight': HttpStatus.CONFLICT,
  'webhooks/endpoint-quota': HttpStatus.CONFLICT,
  'webhooks/database-busy': HttpStatus.SERVICE_UNAVAILABLE,
};

const CODE: Readonly<Record<number, string>> = {
  [HttpStatus.BAD_REQUEST]: 'webhooks/bad-request',
  [HttpStatus.UNAUTHORIZED]: 'webhooks/unauthorized',
  [HttpStatus.FORBIDDEN]: 'webhooks/forbidden',
  [HttpStatus.NOT_FOUND]: 'webhooks/not-found',
  [HttpStatus.TOO_MANY_REQUESTS]: 'webhooks/too-many-requests',
};

/** Turns every error on our routes into one shape. What is not meant for the caller is logged, and told as a 500. */
@Catch()
export class WebhooksExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Webhooks');

  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const body = this.bodyOf(error);
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), body, body.statusCode);
  }

  private bodyOf(error: unknown): WebhooksErrorBody {
    if (error instanceof HttpException) {
      const statusCode = error.getStatus();
      return { statusCode, code: CODE[statusCode] ?? `webhooks/http-${statusCode}`, message: error.message };
    }
    const statusCode = error instanceof WebhooksError ? STATUS[error.code] : undefined;
    if (error instanceof WebhooksError && statusCode !== undefined) {
      const { code, message } = error;
      return { statusCode, code, message, ...('details' in error ? { details: error.details as [] } : {}) };
    }
    this.logger.error(error instanceof Error ? error.stack : String(error));
    return {
      statusCode: HttpStatus.INTERNAL_SERVER_ERROR,
      code: 'webhooks/internal-error',
      message: 'Internal server error',
    };
  }
}
