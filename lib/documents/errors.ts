import { HttpStatus } from '@nestjs/common';
import { WEBHOOK_ERROR_CODES } from '../api/error-codes.js';
import type { WebhooksErrorBody } from '../api/webhooks-exception.filter.js';
import type { Operation } from './operations.js';
import { count, listOf, named, object, text, type JsonSchema, type SchemaOf } from './schema.js';

type Detail = NonNullable<WebhooksErrorBody['details']>[number];

const fields = object<Omit<WebhooksErrorBody, 'details'> & { details: readonly Detail[] }>(
  'What every error of the routes looks like.',
  {
    statusCode: count('The status of the answer.'),
    code: text('Stable, such as `webhooks/not-found`.', { pattern: '^webhooks/' }),
    message: text('The same for people. It may change.'),
    details: listOf(
      object<Detail>('A field with its problem.', {
        field: text('Its name.'),
        message: text('What is wrong with it, for people.'),
      }),
      'For an invalid input: every field with its problem.',
    ),
  },
);

export const error: SchemaOf<unknown> = named('WebhookError', {
  json: { ...fields.json, required: ['statusCode', 'code', 'message'] },
  components: {},
});

/** By the parser of bodies, before the route. */
export const refusal: SchemaOf<unknown> = named('WebhookBodyRefusal', {
  json: {
    type: 'object',
    description: 'How the app answers, before the route is reached, where a body is not JSON.',
    properties: { message: { type: 'string' } },
  },
  components: {},
});

/** Those that a status says of itself, whichever guard or fault made it. */
const OF_EVERY_ROUTE: Readonly<Record<number, string>> = {
  [HttpStatus.UNAUTHORIZED]: '`webhooks/unauthorized`: there are no valid credentials.',
  [HttpStatus.FORBIDDEN]: '`webhooks/forbidden`: the caller may not do this.',
  [HttpStatus.TOO_MANY_REQUESTS]: '`webhooks/too-many-requests`: too many requests.',
  [HttpStatus.INTERNAL_SERVER_ERROR]: '`webhooks/internal-error`: anything else.',
};

export interface ErrorAnswer {
  readonly status: number;
  readonly description: string;
  readonly schema: JsonSchema | undefined;
  readonly retryAfter: boolean;
}

/** Every error that a route answers with, by rising status. */
export function errorAnswers({ errors, body }: Operation): readonly ErrorAnswer[] {
  const statuses = new Set([...errors.keys(), ...Object.keys(OF_EVERY_ROUTE).map(Number)]);
  if (body) statuses.add(HttpStatus.PAYLOAD_TOO_LARGE).add(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
  return [...statuses]
    .sort((one, other) => one - other)
    .map((status) => {
      const own = (errors.get(status) ?? []).map((name) => `\`${name}\`: ${WEBHOOK_ERROR_CODES[name].means}`);
      const shared = OF_EVERY_ROUTE[status];
      return {
        status,
        description: [...own, ...(shared === undefined ? [] : [shared])].join('\n') || OF_PARSER[status]!,
        schema: status in OF_PARSER ? undefined : schemaOf(status, body !== undefined),
        retryAfter: own.length > 0 && status === (HttpStatus.TOO_MANY_REQUESTS as number),
      };
    });
}

const OF_PARSER: Readonly<Record<number, string>> = {
  [HttpStatus.PAYLOAD_TOO_LARGE]: 'The body is too large for the app.',
  [HttpStatus.UNSUPPORTED_MEDIA_TYPE]: 'The app does not read bodies of this type, charset or encoding.',
};

const schemaOf = (status: number, hasBody: boolean): JsonSchema =>
  hasBody && status === (HttpStatus.BAD_REQUEST as number)
    ? { anyOf: [error.json, refusal.json] }
    : error.json;
