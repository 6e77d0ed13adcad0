import type { SqlStatement } from './sql-executor.js';

/** Rows for one table, as values. They take as many statements as are needed to keep each below the server's limit. */
export interface InsertedRows {
  /** `INSERT INTO table (columns)` */
  readonly insert: string;
  readonly rows: readonly (readonly unknown[])[];
  /** What follows the rows. Default: nothing. */
  readonly end?: string;
}

/**
 * MySQL and MariaDB take statements of up to `max_allowed_packet`, which is at least 1 MB (see `checkServerSettings`),
 * and mysql2 writes the values into the statement.
 */
const MAX_BYTES = 400_000;
/** What mysql2 puts a backslash before. */
// oxlint-disable-next-line no-control-regex
const ESCAPED = /[\0\b\t\n\r\u001a"'\\]/g;
/** Added for a number, a word or a text, including what separates it from the next value. */
const VALUE_BYTES = 24;
const QUOTES_BYTES = 6;

/** Usually one statement. A row that is too large goes alone. */
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
