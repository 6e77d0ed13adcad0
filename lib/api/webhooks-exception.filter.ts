import {
  Catch,
  HttpException,
  HttpStatus,
  Inject,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import {
  GUARD_ERROR_CODES,
  INTERNAL_ERROR,
  WEBHOOK_ERROR_CODES,
  type WebhookErrorCode,
} from './error-codes.js';
import { isAnswered, RouteAnswer, sendAnswer } from '../routes/route-answer.js';
import { WebhooksError, type WebhookFieldProblem } from '../domain/webhooks.error.js';
import { WebhookSigningError } from '../domain/signing/own-scheme.js';
import { WebhookSecretUnavailableError } from '../persistence/secret-sealer.js';
import { WebhookTooManyRequestsError } from '../management/management.errors.js';

/** The shape of every error of the routes. */
export interface WebhooksErrorBody {
  readonly statusCode: number;
  /** Stable: `webhooks/…`. */
  readonly code: string;
  readonly message: string;
  /** For an invalid input: every field with its problem. */
  readonly details?: readonly WebhookFieldProblem[];
}

const ERRORS: Readonly<Record<string, WebhookErrorCode>> = WEBHOOK_ERROR_CODES;

/**
 * Turns every error on our routes into one shape. Errors that are not meant for the caller are logged, and answered
 * with 500.
 */
@Catch()
export class WebhooksExceptionFilter implements ExceptionFilter {
  private readonly logger = new WebhooksLogger();
  private toldTooLate = false;

  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const { httpAdapter } = this.adapterHost;
    const response: object = host.switchToHttp().getResponse();
    if (isAnswered(response)) return this.tooLate(error);
    const body = this.bodyOf(error);
    if (error instanceof WebhookTooManyRequestsError) {
      httpAdapter.setHeader(response, 'retry-after', String(Math.ceil(error.retryAfterMs / 1_000)));
    }
    await sendAnswer(httpAdapter, response, RouteAnswer.json(body.statusCode, body));
  }

  /** Logs, once, that an interceptor tries to reject requests: it runs too late to do so. */
  private tooLate(error: unknown): void {
    if (this.toldTooLate) return;
    this.toldTooLate = true;
    this.logger.warn(
      `A global interceptor threw ${errorName(error)} after the routes of webhooks had answered. ` +
        "It can't turn requests away here: use a guard. What else throws is not told again.",
    );
  }

  private bodyOf(error: unknown): WebhooksErrorBody {
    if (error instanceof HttpException) {
      const statusCode = error.getStatus();
      return {
        statusCode,
        code: GUARD_ERROR_CODES[statusCode] ?? `webhooks/http-${statusCode}`,
        message: error.message,
      };
    }
    const statusCode = error instanceof WebhooksError ? ERRORS[error.code]?.status : undefined;
    if (error instanceof WebhooksError && statusCode !== undefined) {
      const { code } = error;
      const message = this.messageFor(error);
      return { statusCode, code, message, ...('details' in error ? { details: error.details as [] } : {}) };
    }
    this.logger.unexpected(error);
    return {
      statusCode: HttpStatus.INTERNAL_SERVER_ERROR,
      code: INTERNAL_ERROR,
      message: 'Internal server error',
    };
  }

  /** The missing key, and what the app's own code threw, are for the people who run the app. */
  private messageFor(error: WebhooksError): string {
    if (error instanceof WebhookSigningError) {
      this.logger.error(error.message);
      return 'The request could not be signed. Nothing was sent.';
    }
    if (!(error instanceof WebhookSecretUnavailableError)) return error.message;
    this.logger.error(error.message);
    return `The secret of webhook ${error.endpointId} can't be read at the moment, so nothing was sent or changed.`;
  }
}

const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'something');
