import type { QueryRunner } from 'typeorm';

export interface StructuredResult {
  readonly rows: Record<string, unknown>[];
  /** Of statements that write. */
  readonly affected: number;
}

/** Runs a statement. TypeORM 0.3.20 to 1.1 tell rows and changes apart, as one form for all drivers, where `query` is asked for it. */
export async function structuredQuery(
  queryRunner: QueryRunner,
  sql: string,
  params: readonly unknown[],
): Promise<StructuredResult> {
  const { records, affected } = await queryRunner.query(sql, [...params], true);
  return { rows: (records as Record<string, unknown>[] | undefined) ?? [], affected: affected ?? 0 };
}
