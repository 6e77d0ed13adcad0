import { HttpStatus } from '@nestjs/common';
import { WEBHOOK_ERROR_CODES } from '../api/error-codes.js';
import type { WebhooksErrorBody } from '../api/webhooks-exception.filter.js';
import { FIELD_PROBLEMS } from '../domain/field-problems.js';
import type { Operation } from './operations.js';
import { count, listOf, named, object, params, text, type JsonSchema, type SchemaOf } from './schema.js';

type Detail = NonNullable<WebhooksErrorBody['details']>[number];

const codes = Object.keys(FIELD_PROBLEMS)
  .map((code) => `\`${code}\``)
  .join(', ');

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
        code: text(`The same for programs, stable: ${codes}. Later versions may add others.`, {
          pattern: '^[a-z][a-z0-9-]*$',
        }),
        params: params('The values that the code speaks of, such as `{ "most": 255 }`.'),
      }),
      'For an invalid input: every field with its problem.',
    ),
  },
);

export const error: SchemaOf<unknown> = named('WebhookError', {
  json: { ...fields.json, required: ['statusCode', 'code', 'message'] },
  components: {},
});

/** Errors of the app itself. */
export const refusal: SchemaOf<unknown> = named('WebhookRefusal', {
  json: {
    type: 'object',
    description:
      'How the app answers before the route is reached: to a body that is not JSON or too large, or a path that it can not decode. Its own filters may have changed it.',
    properties: { message: { description: 'Why, for people.' } },
  },
  components: {},
});

/** Errors that follow from a status, whichever guard or fault caused it. */
const OF_EVERY_ROUTE: Readonly<Record<number, string>> = {
  [HttpStatus.UNAUTHORIZED]: '`webhooks/unauthorized`: there are no valid credentials.',
  [HttpStatus.FORBIDDEN]: '`webhooks/forbidden`: the caller may not do this.',
  [HttpStatus.TOO_MANY_REQUESTS]: '`webhooks/too-many-requests`: too many requests.',
  [HttpStatus.INTERNAL_SERVER_ERROR]: '`webhooks/internal-error`: anything else.',
};

export interface ErrorAnswer {
  readonly status: string;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly retryAfter: boolean;
}

/** Every error of a route, by rising status. */
export function errorAnswers({
  errorsByStatus: errors,
  body,
  parameters,
}: Operation): readonly ErrorAnswer[] {
  const statuses = new Set([...errors.keys(), ...Object.keys(OF_EVERY_ROUTE).map(Number)]);
  const isReadBefore = body !== undefined || parameters.some((one) => one.in === 'path');
  const own = [...statuses]
    .sort((one, other) => one - other)
    .map((status) => {
      const names = errors.get(status) ?? [];
      const shared = OF_EVERY_ROUTE[status];
      const lines = names.map((name) => `\`${name}\`: ${WEBHOOK_ERROR_CODES[name].means}`);
      return {
        status: String(status),
        description: [...lines, ...(shared === undefined ? [] : [shared])].join('\n'),
        schema: isReadBefore && status === (HttpStatus.BAD_REQUEST as number) ? eitherError : error.json,
        retryAfter: names.length > 0 && status === (HttpStatus.TOO_MANY_REQUESTS as number),
      };
    });
  return [...own, OTHER];
}

const eitherError = { anyOf: [error.json, refusal.json] };

const OTHER: ErrorAnswer = {
  status: 'default',
  description: "Another status of the app's guards, as `webhooks/http-<status>`, or of the app before them.",
  schema: eitherError,
  retryAfter: false,
};
