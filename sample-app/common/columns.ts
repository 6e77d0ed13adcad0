import type { ColumnOptions, PrimaryColumnOptions, ValueTransformer } from 'typeorm';

const epochMsTransformer: ValueTransformer = {
  to: (value: unknown) => value,
  // The drivers of PostgreSQL and MySQL return a bigint as a string.
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/** Column types that work on SQLite, PostgreSQL, MySQL and MariaDB. */
export const idColumn: PrimaryColumnOptions = { type: 'varchar', length: 40 };
export const textColumn = (length: number): ColumnOptions => ({ type: 'varchar', length });
export const longTextColumn: ColumnOptions = { type: 'text' };
export const countColumn: ColumnOptions = { type: 'int', default: 0 };
export const epochMsColumn: ColumnOptions = { type: 'bigint', transformer: epochMsTransformer };
export const nullable = (options: ColumnOptions): ColumnOptions => ({ ...options, nullable: true });
