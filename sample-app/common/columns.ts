import type { ColumnOptions, PrimaryColumnOptions, ValueTransformer } from 'typeorm';

const epochMsTransformer: ValueTransformer = {
  to: (value: unknown) => value,
  // PostgreSQL and MySQL drivers hand a bigint over as a string.
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/** Column types that SQLite, PostgreSQL, MySQL and MariaDB share. */
export const idColumn: PrimaryColumnOptions = { type: 'varchar', length: 40 };
export const textColumn = (length: number): ColumnOptions => ({ type: 'varchar', length });
export const longTextColumn: ColumnOptions = { type: 'text' };
export const countColumn: ColumnOptions = { type: 'int', default: 0 };
export const epochMsColumn: ColumnOptions = { type: 'bigint', transformer: epochMsTransformer };
export const nullable = (options: ColumnOptions): ColumnOptions => ({ ...options, nullable: true });
