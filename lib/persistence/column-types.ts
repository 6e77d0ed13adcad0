import { choiceOf, storedChoice } from '../domain/representation/choice.js';
import type { ColumnOptions, PrimaryColumnOptions, ValueTransformer } from 'typeorm';

const numberTransformer: ValueTransformer = {
  to: (value: number | null) => value,
  // PostgreSQL and MySQL drivers hand a bigint over as a string, and SQLite's all integers as BigInt if it is told to.
  from: (value: string | number | bigint | null) => (value === null ? null : Number(value)),
};

const jsonTransformer: ValueTransformer = {
  // No text, and no `null` of JSON: the column may be asked whether there is something.
  to: (value: unknown) => (value === null ? null : JSON.stringify(value)),
  from: (value: string | null) => (value === null ? null : JSON.parse(value)),
};

const flagTransformer: ValueTransformer = { to: Boolean, from: Boolean };

const patternListTransformer: ValueTransformer = {
  to: (value: unknown) => (Array.isArray(value) ? patternList(value) : value),
  from: (value: string) => value.trim().split(' '),
};

const choiceTransformer: ValueTransformer = { to: storedChoice, from: choiceOf };

/**
 * Event type patterns as one text, each between spaces: ` post.published post.* `. The fan-out finds a pattern
 * with a plain substring search, which every database has.
 */
export const patternList = (patterns: readonly string[]): string => ` ${patterns.join(' ')} `;

export const id = (name = 'id'): PrimaryColumnOptions => ({ name, type: 'varchar', length: 40 });
export const text = (name: string, length: number): PrimaryColumnOptions => ({
  name,
  type: 'varchar',
  length,
});
export const longText = (name: string): ColumnOptions => ({ name, type: 'text' });
export const json = (name: string): ColumnOptions => ({ name, type: 'text', transformer: jsonTransformer });
export const epochMs = (name: string): PrimaryColumnOptions => ({
  name,
  type: 'bigint',
  transformer: numberTransformer,
});
export const integer = (name: string): PrimaryColumnOptions => ({
  name,
  type: 'int',
  transformer: numberTransformer,
});
export const flag = (name: string): ColumnOptions => ({
  name,
  type: 'boolean',
  transformer: flagTransformer,
});
export const patterns = (name: string): ColumnOptions => ({
  name,
  type: 'text',
  transformer: patternListTransformer,
});
export const choice = (name: string): ColumnOptions => ({
  name,
  type: 'text',
  transformer: choiceTransformer,
});
export const nullable = (options: ColumnOptions): ColumnOptions => ({ ...options, nullable: true });
