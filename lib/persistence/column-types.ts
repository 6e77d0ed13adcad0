import { choiceOf, storedChoice } from '../domain/representation/choice.js';
import type { ColumnOptions, PrimaryColumnOptions, ValueTransformer } from 'typeorm';

const numberTransformer: ValueTransformer = {
  to: (value: number | null) => value,
  // The drivers of PostgreSQL and MySQL return a bigint as a string. SQLite's returns all integers as BigInt if told
  // to.
  from: (value: string | number | bigint | null) => (value === null ? null : Number(value)),
};

const jsonTransformer: ValueTransformer = {
  // Neither a text nor JSON's `null`, so that SQL can ask whether the column has a value.
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
 * Event type patterns as one text, each between spaces: ` post.published post.* `. So the fan-out finds a pattern by a
 * plain substring search, which every database has.
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
