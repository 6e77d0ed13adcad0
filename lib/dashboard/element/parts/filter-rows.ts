import type { WebhookFilter } from '../api/api-types.js';
import { t } from '../texts/t.js';

/** The operators of the rows, with their texts. A row's "not …" becomes `not` in the filter. */
export const OPERATORS = {
  equals: 'operator.equals',
  'not equals': 'operator.not-equals',
  in: 'operator.in',
  startsWith: 'operator.starts-with',
  contains: 'operator.contains',
  'not contains': 'operator.not-contains',
  gt: 'operator.gt',
  gte: 'operator.gte',
  lt: 'operator.lt',
  lte: 'operator.lte',
  exists: 'operator.exists',
  'not exists': 'operator.not-exists',
} as const;
export type RowOperator = keyof typeof OPERATORS;

export interface FilterRow {
  /** Identifies the row while its field's name is being typed. */
  readonly key: number;
  readonly field: string;
  readonly operator: RowOperator;
  /** The text as typed. Commas separate the values of a list. */
  readonly text: string;
}

export interface FilterRows {
  readonly mode: 'all' | 'any';
  readonly rows: readonly FilterRow[];
}

/** The type of a field; `any` if it is unknown. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'any';

/** Returns `undefined` if rows can't express the filter. */
export function rowsOf(filter: WebhookFilter | null): FilterRows | undefined {
  if (!filter) return { mode: 'all', rows: [] };
  const mode = 'any' in filter ? 'any' : 'all';
  const parts = 'any' in filter ? filter.any : 'all' in filter ? filter.all : [filter];
  const rows = parts.map(rowOf);
  return rows.every((row) => row !== undefined) ? { mode, rows } : undefined;
}

function rowOf(part: WebhookFilter, key: number): FilterRow | undefined {
  const isNot = 'not' in part;
  const condition = isNot ? part.not : part;
  if (!('field' in condition)) return undefined;
  const [name, value] = Object.entries(condition).find(([one]) => one !== 'field')!;
  const isMissing = name === 'exists' && value === isNot;
  const operator = name === 'exists' ? (isMissing ? 'not exists' : 'exists') : isNot ? `not ${name}` : name;
  if (!Object.hasOwn(OPERATORS, operator)) return undefined;
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const text = name === 'exists' ? '' : values.map(shown).join(', ');
  const row = { key, field: condition.field, operator: operator as RowOperator, text };
  // A row must turn back into the same condition. A list with a comma inside a text does not, for example.
  return JSON.stringify(conditionOf(row, 'any')) === JSON.stringify(normal(part)) ? row : undefined;
}

const normal = (part: WebhookFilter): WebhookFilter =>
  'not' in part && 'exists' in part.not ? { ...part.not, exists: !part.not.exists } : part;

/** Puts quotes around a text that would be read as another type, such as `"5"`. */
const shown = (value: unknown): string =>
  typeof value === 'string' && value !== '' && valueOf(value, 'any') === value
    ? value
    : JSON.stringify(value);

/** @param kindOf returns what is known about a field */
export function filterOf(
  { mode, rows }: FilterRows,
  kindOf: (field: string) => FieldKind,
): WebhookFilter | null {
  const parts = rows
    .filter(({ field }) => field.trim() !== '')
    .map((row) => conditionOf(row, kindOf(row.field.trim())));
  if (parts.length === 0) return null;
  return parts.length === 1 ? parts[0]! : mode === 'any' ? { any: parts } : { all: parts };
}

function conditionOf({ field: typed, operator, text }: FilterRow, kind: FieldKind): WebhookFilter {
  const field = typed.trim();
  if (operator === 'exists' || operator === 'not exists') return { field, exists: operator === 'exists' };
  if (operator === 'in') {
    const parts = text.split(',').map((part) => part.trim());
    return { field, in: parts.filter((part) => part !== '').map((part) => valueOf(part, kind)) };
  }
  const isText = operator === 'startsWith';
  const name = operator.replace('not ', '');
  const condition = { field, [name]: isText ? text.trim() : valueOf(text.trim(), kind) } as WebhookFilter;
  return operator.startsWith('not ') ? { not: condition } : condition;
}

type Scalar = string | number | boolean | null;

/** Reads a typed value. In quotes, it is always a text. */
function valueOf(text: string, kind: FieldKind): Scalar {
  if (kind === 'text' && !text.startsWith('"') && text !== 'null') return text;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return value as Scalar;
  } catch {
    // It isn't JSON, so it is a text without quotes.
  }
  return text;
}

type RowProblem = 'filter.no-field' | 'filter.no-value' | 'filter.no-number';

/** Returns what prevents a row from being saved. */
export function rowProblem({ field, operator, text }: FilterRow, kind: FieldKind): RowProblem | undefined {
  if (field.trim() === '') return text.trim() === '' ? undefined : 'filter.no-field';
  const value = text.trim();
  if (operator.endsWith('exists')) return undefined;
  if (value === '') return 'filter.no-value';
  const isNumber = kind === 'number' && operator !== 'in';
  return isNumber && typeof valueOf(value, kind) !== 'number' ? 'filter.no-number' : undefined;
}

/** Describes a filter in words, or as JSON if rows can't express it. */
export function filterTexts(filter: WebhookFilter): string[] {
  const rows = rowsOf(filter);
  if (!rows) return [JSON.stringify(filter)];
  return rows.rows.map(({ field, operator, text }) => `${field} ${t(OPERATORS[operator])} ${text}`.trim());
}
