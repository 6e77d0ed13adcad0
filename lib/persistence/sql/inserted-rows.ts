import type { SqlStatement } from './sql-executor.js';

/** Rows for one table, as values: as many statements as it takes to keep each below what a server takes. */
export interface InsertedRows {
  /** `INSERT INTO table (columns)` */
  readonly insert: string;
  readonly rows: readonly (readonly unknown[])[];
  /** What follows the rows. Default: nothing. */
  readonly end?: string;
}

/**
 * MySQL and MariaDB take statements of up to `max_allowed_packet`, which is 1 MB or more (see `checkServerSettings`), and
 * mysql2 writes the values into them.
 */
const MAX_BYTES = 400_000;
/** What mysql2 puts a backslash before. */
// oxlint-disable-next-line no-control-regex
const ESCAPED = /[\0\b\t\n\r\u001a"'\\]/g;
/** With what separates it from the next value: a number or a word, a text. */
const VALUE_BYTES = 24;
const QUOTES_BYTES = 6;

/** One statement, as a rule. A row that is too large by itself goes alone. */
export function insertsOf({ insert, rows, end = '' }: InsertedRows): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let batch: (readonly unknown[])[] = [];
  let bytes = 0;
  const flush = (): void => {
    const values = batch.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
    statements.push({ sql: `${insert} VALUES ${values} ${end}`, params: batch.flat() });
    batch = [];
    bytes = 0;
  };
  for (const row of rows) {
    const added = row.reduce<number>((sum, value) => sum + bytesOf(value), 0);
    if (batch.length > 0 && bytes + added > MAX_BYTES) flush();
    batch.push(row);
    bytes += added;
  }
  if (batch.length > 0) flush();
  return statements;
}

const bytesOf = (value: unknown): number =>
  typeof value === 'string'
    ? Buffer.byteLength(value) + (value.match(ESCAPED)?.length ?? 0) + QUOTES_BYTES
    : VALUE_BYTES;
