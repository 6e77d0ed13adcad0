import { HttpStatus } from '@nestjs/common';

/** An error of the routes, and when it occurs. */
export interface WebhookErrorCode {
  readonly status: HttpStatus;
  readonly means: string;
}

/** Errors of the package. Any other error is unexpected, and becomes `webhooks/internal-error`. */
export const WEBHOOK_ERROR_CODES = {
  'webhooks/invalid-input': {
    status: HttpStatus.BAD_REQUEST,
    means: 'Fields are missing, wrong or unknown: see `details`.',
  },
  'webhooks/tenant-missing': { status: HttpStatus.FORBIDDEN, means: 'The request belongs to no tenant.' },
  'webhooks/not-found': {
    status: HttpStatus.NOT_FOUND,
    means: 'There is no endpoint, delivery or event with that id.',
  },
  'webhooks/endpoint-inactive': {
    status: HttpStatus.CONFLICT,
    means: 'The endpoint is off: turn it on first.',
  },
  'webhooks/delivery-in-flight': {
    status: HttpStatus.CONFLICT,
    means: 'The delivery is being sent right now.',
  },
  'webhooks/event-filtered': {
    status: HttpStatus.CONFLICT,
    means: "The endpoint's filter keeps the event out: change or remove the filter.",
  },
  'webhooks/paused': {
    status: HttpStatus.CONFLICT,
    means: 'Sending is paused for now by those who run the app: try again later.',
  },
  'webhooks/too-many-pauses': {
    status: HttpStatus.CONFLICT,
    means: 'There are as many pauses as there can be: end some.',
  },
  'webhooks/too-many-jobs': {
    status: HttpStatus.CONFLICT,
    means: 'As many jobs are under way as can be: stop some, or wait.',
  },
  'webhooks/secret-changing': {
    status: HttpStatus.CONFLICT,
    means: 'Others kept rotating the secret at the same moment: try again.',
  },
  'webhooks/too-many-secrets': {
    status: HttpStatus.CONFLICT,
    means:
      'Ten secrets of the endpoint sign already: rotate with an overlap of 0, or wait until one expires.',
  },
  'webhooks/representation-failed': {
    status: HttpStatus.CONFLICT,
    means: "The endpoint's representation can't make the body of this event.",
  },
  'webhooks/endpoint-quota': { status: HttpStatus.CONFLICT, means: 'There can be no more endpoints.' },
  'webhooks/too-many-requests': {
    status: HttpStatus.TOO_MANY_REQUESTS,
    means: 'A limit is used up: `retry-after` says for how many seconds.',
  },
  'webhooks/secret-unavailable': {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    means: "The endpoint's secret can't be read at the moment. Nothing was sent or changed.",
  },
  'webhooks/signing-failed': {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    means: 'A request could not be signed. Nothing was sent.',
  },
  'webhooks/database-busy': {
    status: HttpStatus.SERVICE_UNAVAILABLE,
    means: 'The database is busy: try again.',
  },
} as const satisfies Readonly<Record<string, WebhookErrorCode>>;

export type WebhookErrorName = keyof typeof WEBHOOK_ERROR_CODES;

/** Codes for what guards throw, by status. Any other status is `webhooks/http-<status>`. */
export const GUARD_ERROR_CODES: Readonly<Record<number, string>> = {
  [HttpStatus.BAD_REQUEST]: 'webhooks/bad-request',
  [HttpStatus.UNAUTHORIZED]: 'webhooks/unauthorized',
  [HttpStatus.FORBIDDEN]: 'webhooks/forbidden',
  [HttpStatus.NOT_FOUND]: 'webhooks/not-found',
  [HttpStatus.TOO_MANY_REQUESTS]: 'webhooks/too-many-requests',
};

export const INTERNAL_ERROR = 'webhooks/internal-error';
