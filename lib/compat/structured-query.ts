import type { QueryRunner } from 'typeorm';
import { mustHaveDataSource } from './typeorm.js';

export interface StructuredResult {
  readonly rows: Record<string, unknown>[];
  /** For statements that write. */
  readonly affected: number;
}

/**
 * Runs a statement. On request, `query` of TypeORM 0.3.20 to 1.1 returns rows and changes in one form for all drivers.
 * TypeORM 0.3 passes booleans on to better-sqlite3, which accepts none.
 */
export async function structuredQuery(
  queryRunner: QueryRunner,
  sql: string,
  params: readonly unknown[],
): Promise<StructuredResult> {
  const isSqlite = mustHaveDataSource(queryRunner).options.type === 'better-sqlite3';
  const values = params.map((value) => (isSqlite && typeof value === 'boolean' ? Number(value) : value));
  const { records, affected } = await queryRunner.query(sql, values, true);
  return { rows: (records as Record<string, unknown>[] | undefined) ?? [], affected: affected ?? 0 };
}
