export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** What the database says of a table. */
export interface FoundTable {
  /** PostgreSQL: the schema that it is in. */
  readonly schema?: string;
  /** Each column's collation, where it has one that is known. */
  readonly columns: ReadonlyMap<string, string | null>;
  /** The primary key is among them. Those that the database does not use are missing. */
  readonly indices: readonly FoundIndex[];
  /** What this connection may not do, as far as the catalogue tells. */
  readonly lacks: readonly Privilege[];
}

export interface FoundIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** The tables that there are, by the paths that they were asked for. */
export type Catalogue = ReadonlyMap<string, FoundTable>;

/** Rows of one column of an index each, in their order, as the indices that they make. */
export function indicesOfRows(
  rows: readonly { readonly index: string; readonly column: string | null; readonly isUnique: boolean }[],
): FoundIndex[] {
  const indices = new Map<string, { name: string; columns: string[]; unique: boolean }>();
  for (const { index, column, isUnique } of rows) {
    const found = indices.get(index) ?? { name: index, columns: [], unique: isUnique };
    // An expression has no column.
    found.columns.push(column ?? '');
    indices.set(index, found);
  }
  return [...indices.values()];
}
