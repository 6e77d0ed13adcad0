import type { QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import type { Catalogue, FoundIndex, FoundTable, Privilege } from './found-table.js';
import { quotedPath } from './own-names.js';

/** Reads JSON as text: an app may have changed how the driver parses JSON. */
interface Row {
  readonly schema: string | null;
  readonly columns: string | null;
  readonly indices: string | null;
  readonly lacks: string | null;
}

/**
 * Resolves the name like our statements do, by the session's `search_path`. Counts privileges that are
 * granted by column. Leaves out indices that are being built or whose build failed: they enforce nothing.
 */
const CATALOGUE = `SELECT n.nspname AS schema,
    (SELECT json_agg(a.attname)::text FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    (SELECT json_agg(json_build_object('name', ic.relname, 'unique', i.indisunique, 'columns',
        (SELECT json_agg(coalesce(a.attname, '') ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts)))::text
      FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
      WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate) AS indices,
    (SELECT json_agg(p)::text FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
      WHERE c.oid IS NOT NULL AND NOT has_table_privilege(c.oid, p) AND (p = 'DELETE' OR EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND NOT has_column_privilege(c.oid, a.attnum, p)))) AS lacks
  FROM unnest($1::text[]) WITH ORDINALITY t(path, place)
  LEFT JOIN pg_class c ON c.oid = to_regclass(t.path) LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  ORDER BY t.place`;

export async function readPostgresCatalogue(
  queryRunner: QueryRunner,
  paths: readonly string[],
): Promise<Catalogue> {
  const dataSource = mustHaveDataSource(queryRunner);
  const quoted = paths.map((path) => quotedPath(dataSource, path));
  const rows = (await queryRunner.query(CATALOGUE, [quoted])) as Row[];
  const found = rows.flatMap(({ schema, columns, indices, lacks }, place): [string, FoundTable][] => {
    if (schema === null) return [];
    const table = {
      schema,
      columns: new Map(parsed<string>(columns).map((name) => [name, null])),
      indices: parsed<FoundIndex>(indices),
      lacks: parsed<Privilege>(lacks),
    };
    return [[paths[place]!, table]];
  });
  return new Map(found);
}

const parsed = <Item>(list: string | null): Item[] => JSON.parse(list ?? '[]') as Item[];
