import { fieldProblem } from '../domain/field-problems.js';
import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { flattenValidationErrors } from '../config/validation-problems.js';
import { quoted, singleLine } from '../domain/shown-text.js';
import { InvalidWebhookInputError, type WebhookFieldProblem } from '../domain/webhooks.error.js';

const MAX_FIELD = 256;
const MAX_SHOWN = 64;

/**
 * Checks a body or a query against its DTO. Unknown properties are refused.
 * @throws InvalidWebhookInputError
 */
export async function checkedInput<Dto extends object>(dto: Type<Dto>, value: unknown): Promise<Dto> {
  const input = value ?? {};
  if (typeof input !== 'object' || Array.isArray(input)) {
    throw new InvalidWebhookInputError([fieldProblem('', 'The body must be a JSON object.', 'not-object')]);
  }
  // class-transformer silently skips names that every object has, such as `constructor`.
  const inherited = Object.keys(input).filter((key) => key in Object.prototype);
  if (inherited.length > 0) throw new InvalidWebhookInputError(inherited.map(unknownProperty));
  const instance = instanceOf(dto, input);
  const errors = await validate(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  if (errors.length === 0) return instance;
  throw new InvalidWebhookInputError(errors.flatMap((error) => problemsOf(error, input)));
}

/** Leaves nested objects as they are: class-transformer would rebuild them, and lose or fail on odd keys. */
function instanceOf<Dto extends object>(dto: Type<Dto>, input: object): Dto {
  const entries = Object.entries(input);
  const flat = Object.fromEntries(entries.filter((entry) => !isNested(entry)));
  return Object.assign(plainToInstance(dto, flat), Object.fromEntries(entries.filter(isNested)));
}

const isNested = ([, value]: [string, unknown]): boolean => typeof value === 'object' && value !== null;

/** The problem of an unknown property. */
export const unknownProperty = (name: string): WebhookFieldProblem =>
  fieldProblem(
    singleLine(name, MAX_FIELD),
    `${quoted(name)} is no property that can be given here. Remove it.`,
    'unknown-field',
    { name: singleLine(name, MAX_FIELD) },
  );

function problemsOf(error: ValidationError, input: object): WebhookFieldProblem[] {
  const { property, constraints = {} } = error;
  if ('whitelistValidation' in constraints) return [unknownProperty(property)];
  const value = (input as Record<string, unknown>)[property];
  const given = received(property, value);
  return flattenValidationErrors([error]).map((problem) => ({
    ...problem,
    message: `${problem.message}, got ${given}.`,
    ...(value === undefined ? { code: 'required', params: {} } : {}),
  }));
}

/** Fields that are or may contain credentials. Messages state only their size, as for headers. */
const HIDDEN: ReadonlySet<string> = new Set([
  'url',
  'secret',
  'headers',
  'authorization',
  'clientCertificate',
]);

function received(property: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string')
    return property === 'secret' ? (value === null ? 'null' : `a ${typeof value}`) : String(value);
  const shown = !HIDDEN.has(property) && value.length <= MAX_SHOWN;
  return shown ? quoted(value) : `a text of ${value.length} characters`;
}
