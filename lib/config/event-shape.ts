import { fieldProblem } from '../domain/field-problems.js';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { schemaProblems } from '../domain/schema-problems.js';
import { singleLine } from '../domain/shown-text.js';
import { InvalidWebhooksOptionError, type WebhookFieldProblem } from '../domain/webhooks.error.js';
import { payloadClassProblem, withoutExtraFields } from './payload-class.js';
import { payloadSchema } from './payload-schema.js';
import { flattenValidationErrors, MAX_FIELD } from './validation-problems.js';
import type { WebhookEventTypeOptions } from './webhook-event-options.js';

/** How the data of an event type looks, today or in an older version. */
type EventShape = Pick<WebhookEventTypeOptions, 'payload' | 'schema' | 'extraFields'>;

export const VALIDATION = {
  forbidUnknownValues: false,
  validationError: { target: false, value: false },
} as const;

/** @throws InvalidWebhooksOptionError for a payload that is no class with rules, or a schema that is no object */
export function checkShape(option: string, { payload, schema }: EventShape): void {
  const problem = payload === undefined ? undefined : payloadClassProblem(payload);
  if (problem) throw new InvalidWebhooksOptionError(`${option}.payload`, problem);
  if (schema === undefined || (typeof schema === 'object' && schema !== null && !Array.isArray(schema)))
    return;
  throw new InvalidWebhooksOptionError(
    `${option}.schema`,
    `must be a JSON Schema, such as { type: 'object' }, got ${schema === null ? 'null' : typeof schema}.`,
  );
}

/** `{}` if nothing is known. */
export const schemaOf = ({ payload, schema }: EventShape): Readonly<Record<string, unknown>> =>
  schema ?? (payload ? payloadSchema(payload) : {});

/** How an example breaks its payload class, or its schema if there is no class. */
export function exampleProblem(
  { payload, schema, extraFields }: EventShape,
  example: object,
): string | undefined {
  if (!payload) {
    const problems = schemaProblems(schema, example, 'data');
    return problems.length > 0 ? `breaks its schema: ${summary(problems)}` : undefined;
  }
  // Copied: class-transformer removes the discriminators from its input.
  const instance = plainToInstance(payload, structuredClone(example));
  const errors = flattenValidationErrors(validateSync(instance, VALIDATION));
  const extra =
    extraFields === 'send'
      ? []
      : withoutExtraFields(example as Record<string, unknown>, instance).extra.map(notNamed);
  const problems = [...errors, ...extra];
  return problems.length > 0 ? `breaks its payload class ${payload.name}: ${summary(problems)}` : undefined;
}

export function notNamed(path: string): WebhookFieldProblem {
  const name = singleLine(path, MAX_FIELD);
  return fieldProblem(name, `${name} is not in the payload class`, 'unknown-field', { name });
}

const MAX_SUMMARISED = 10;

export const summary = (problems: readonly WebhookFieldProblem[]): string =>
  [
    ...problems.slice(0, MAX_SUMMARISED).map((problem) => problem.message),
    ...(problems.length > MAX_SUMMARISED ? [`and ${problems.length - MAX_SUMMARISED} more`] : []),
  ].join('; ');
