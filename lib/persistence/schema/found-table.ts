export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** A table as described by the database's catalogue. */
export interface FoundTable {
  /** PostgreSQL: its schema. */
  readonly schema?: string;
  /** The collation of each column, if known. */
  readonly columns: ReadonlyMap<string, string | null>;
  /** Includes the primary key. Leaves out indices that the database does not use. */
  readonly indices: readonly FoundIndex[];
  /** The privileges that this connection lacks, as far as the catalogue shows. */
  readonly lacks: readonly Privilege[];
}

export interface FoundIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** The tables that exist, by the requested paths. */
export type Catalogue = ReadonlyMap<string, FoundTable>;

/** Groups rows, one for each column of an index and in their order, into indices. */
export function indicesOfRows(
  rows: readonly { readonly index: string; readonly column: string | null; readonly isUnique: boolean }[],
): FoundIndex[] {
  const indices = new Map<string, { name: string; columns: string[]; unique: boolean }>();
  for (const { index, column, isUnique } of rows) {
    const found = indices.get(index) ?? { name: index, columns: [], unique: isUnique };
    // A part that is an expression has no column.
    found.columns.push(column ?? '');
    indices.set(index, found);
  }
  return [...indices.values()];
}
