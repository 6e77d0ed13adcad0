import type { Column, ColumnType } from './column.js';

const TEXT_OID = 25;
const HEAD_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/** The type of the array's elements. */
export const arrayTypeOf = ([type]: ColumnType): string =>
  type === 'varchar' || type.endsWith('text') ? 'text' : type;

/**
 * A row's columns as arrays in PostgreSQL's own syntax: the driver would take several times as long to write them.
 * Texts use the binary format, in which nobody has to escape characters.
 * @param binary whether the driver can send it: `pg-native` can't
 */
export const arraysOf = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  binary: boolean,
): (string | Buffer)[] =>
  columns.map(({ type, value }) => {
    if (arrayTypeOf(type) !== 'text') return plainArray(rows, value);
    const texts = rows.map((row) => value(row) as string | null);
    return binary ? textArray(texts) : quotedArray(texts);
  });

/** Of numbers and booleans. */
function plainArray<Row>(rows: readonly Row[], value: (row: Row) => unknown): string {
  let text = '';
  for (const row of rows) text += `${text && ','}${String(value(row) ?? 'NULL')}`;
  return `{${text}}`;
}

function quotedArray(texts: readonly (string | null)[]): string {
  const quoted = texts.map((text) => (text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, '\\$&')}"`));
  return `{${quoted.join()}}`;
}

/**
 * The binary form of a `text[]` (`array_send`): one dimension from 1 on, and each element after its length in bytes.
 */
function textArray(texts: readonly (string | null)[]): Buffer {
  let bytes = HEAD_BYTES;
  for (const text of texts) bytes += LENGTH_BYTES + (text === null ? 0 : Buffer.byteLength(text));
  const array = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const head of [1, texts.includes(null) ? 1 : 0, TEXT_OID, texts.length, 1]) {
    at = array.writeInt32BE(head, at);
  }
  for (const text of texts) {
    const length = text === null ? NULL_LENGTH : array.write(text, at + LENGTH_BYTES);
    array.writeInt32BE(length, at);
    at += LENGTH_BYTES + Math.max(length, 0);
  }
  return Object.assign(array, { toJSON: shownInLogs });
}

/** Loggers write parameters as JSON, which would print a number for each byte. */
function shownInLogs(this: Buffer): string {
  return `an array, ${this.length} bytes`;
}
