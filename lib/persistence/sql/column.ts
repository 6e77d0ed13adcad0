/** The type, as all databases have it; the length of a varchar; and whether it is nullable. */
export type ColumnType = readonly [
  name: 'varchar' | 'text' | 'mediumtext' | 'int' | 'bigint' | 'boolean',
  length?: number,
  nullable?: 'null',
];

export interface NamedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A column, with the value that a `Row` writes to it. */
export interface Column<Row> extends NamedColumn {
  readonly value: (row: Row) => unknown;
}

export const ID: ColumnType = ['varchar', 40];
export const INT: ColumnType = ['int'];
export const EPOCH_MS: ColumnType = ['bigint'];
export const FLAG: ColumnType = ['boolean'];
export const TEXT: ColumnType = ['text'];
export const LONG_TEXT: ColumnType = ['mediumtext'];
export const varchar = (length: number): ColumnType => ['varchar', length];
export const nullable = ([name, length]: ColumnType): ColumnType => [name, length, 'null'];

export const valuesOf = <Row>(columns: readonly Column<Row>[], row: Row): unknown[] =>
  columns.map((column) => column.value(row));

/** The names as a list in SQL. */
export const namesOf = (columns: readonly NamedColumn[]): string =>
  columns.map(({ name }) => name).join(', ');

export const typesOf = (columns: readonly NamedColumn[]): Record<string, ColumnType> =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type]));

/** The name of the entity's property. */
export const propertyOf = (column: string): string =>
  column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** A database row as its entity has it. */
export const propertiesOf = (
  columns: readonly NamedColumn[],
  row: Readonly<Record<string, unknown>>,
): object => Object.fromEntries(columns.map(({ name, type }) => [propertyOf(name), read(type, row[name])]));

/** Drivers return a bigint as a text, and a boolean as a number. */
function read([type]: ColumnType, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'int' || type === 'bigint') return Number(value);
  return type === 'boolean' ? Boolean(value) : value;
}
