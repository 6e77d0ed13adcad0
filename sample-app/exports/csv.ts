export type CsvRow = Readonly<Record<string, string>>;

/** RFC 4180, with a header line. */
export function toCsv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const lines = rows.map((row) => columns.map((column) => field(row[column])).join(','));
  return [columns.map(field).join(','), ...lines, ''].join('\r\n');
}

function field(value: unknown): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line is not valid CSV. */
export class CsvError extends Error {}

/**
 * Rows as objects with the keys of the header line. Skips empty lines.
 * @throws CsvError
 */
export function fromCsv(text: string): CsvRow[] {
  const [header = [], ...lines] = records(text.replace(/^\uFEFF/, ''));
  return lines.map((values) =>
    Object.fromEntries(header.map((name, index) => [name.trim(), values[index] ?? ''])),
  );
}

function records(text: string): string[][] {
  const all: string[][] = [];
  let record: string[] = [];
  let end = 0;
  // A field, quoted or not, and its end. The regular expression is sticky, so it skips nothing.
  const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/gy;
  for (const { index, 0: whole, 1: quoted, 2: plain = '', 3: separator } of text.matchAll(fields)) {
    end = index + whole.length;
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if (separator === ',') continue;
    if (record.length > 1 || record[0] !== '') all.push(record);
    record = [];
  }
  if (end === text.length) return all;
  throw new CsvError(
    `Record ${all.length + 1} is not CSV: put a field with quotes in it into quotes, "like ""this""".`,
  );
}
