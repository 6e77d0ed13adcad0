import { type ProblemContext } from '../../config/validation-problems.js';
import { type AnyCoded } from '../../domain/field-problems.js';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsString, Matches, Max, Min, ValidateIf } from 'class-validator';
import { DURATION_PATTERN, parseDuration } from '../../domain/duration.js';
import { OrNull, Written } from './documented.js';

/** The code of a rule whose message is our own. */
export const coded = (...problem: AnyCoded): { readonly context: ProblemContext } => ({
  context: { coded: problem },
});

/** A text that every database can store. */
const WITHOUT_NUL = '^[^\\u0000]*$';
const MAX_DATE_MS = 8_640_000_000_000_000;
const EPOCH_MS = /^\d{1,16}$/;
/** A time without a zone would mean the server's local time, so it is refused. */
const ISO_DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** Unlike IsOptional, treats `null` as a value, which is refused if it can't be stored. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
export const IfNotNull = (): PropertyDecorator =>
  applyDecorators(
    ValidateIf((_, value) => value !== undefined && value !== null),
    OrNull(),
  );

/**
 * Counts code points, as the columns do: MaxLength of class-validator does not count variation selectors. Refuses NUL,
 * which PostgreSQL can't store.
 */
export const IsText = (maxLength: number): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Matches(new RegExp(`^[^\\0]{0,${maxLength}}$`, 'u'), {
      message: `$property must have at most ${maxLength} characters, and no NUL character`,
      ...coded('too-long', { most: maxLength }),
    }),
    Written({ type: 'string', maxLength, pattern: WITHOUT_NUL }),
  );

/** ISO 8601, or epoch ms. The DTO has epoch ms. Anything else becomes NaN, which IsInt refuses. */
export const IsTime = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => toEpochMs(value)),
    IsInt({
      message: '$property must be an ISO 8601 date (a time needs its zone) or epoch milliseconds',
      ...coded('not-time'),
    }),
    Min(0),
    Max(MAX_DATE_MS),
    Written({
      anyOf: [
        { type: 'string', format: 'date-time' },
        { type: 'string', format: 'date' },
        { type: 'integer', minimum: 0, maximum: MAX_DATE_MS },
      ],
    }),
  );

/** A duration such as `'24h'`, or a number of ms. The DTO has ms. */
export const IsDuration = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => parseDuration(value) ?? Number.NaN),
    IsInt({
      message: "$property must be a duration such as '24h', or a number of ms",
      ...coded('not-duration'),
    }),
    Written({
      anyOf: [
        { type: 'string', pattern: DURATION_PATTERN },
        { type: 'integer', minimum: 0 },
      ],
    }),
  );

/** In a query: the text `true` or `false`. The DTO has a boolean. */
export const IsFlag = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }) => FLAGS.get(value) ?? value),
    IsBoolean({ message: '$property must be true or false', ...coded('not-boolean') }),
    Written({ type: 'boolean' }),
  );

const FLAGS = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
]);

export const IsEndpointId = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Matches(/^ep_[0-9a-f]{32}$/, {
      message: '$property must be the id of an endpoint',
      ...coded('not-id', { of: 'endpoint' }),
    }),
  );

function toEpochMs(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  if (EPOCH_MS.test(value)) return Number(value);
  return ISO_DATE.test(value) ? Date.parse(value) : Number.NaN;
}
