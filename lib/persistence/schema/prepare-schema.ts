import type { DataSource, QueryRunner } from 'typeorm';
import { WebhooksError } from '../../domain/webhooks.error.js';
import { webhooksEntities } from '../entities.js';
import { readCatalogue } from './catalogue.js';
import { migrationsTable, ourMigrations, ranMigrations, runOurMigrations } from './migration-state.js';
import { hiddenMysqlTables } from './mysql.catalogue.js';
import { keepOwnNames, pathOf } from './own-names.js';
import { ownTables, schemaProblems, schemaWarnings, type SchemaState } from './schema-problems.js';
import {
  WebhooksEntitiesMissingError,
  WebhooksSchemaError,
  WebhooksSchemaUnreadableError,
} from './schema.errors.js';
import { isMysql } from './table-statements.js';
import { TABLE_NAMES } from './tables.js';
import { checkWrites } from './write-check.js';

/** @throws WebhooksEntitiesMissingError */
export function checkEntities(dataSource: DataSource): void {
  const missing = webhooksEntities.find((entity) => !dataSource.hasMetadata(entity));
  if (missing) throw new WebhooksEntitiesMissingError(missing.name);
}

const MOST_READS = 10;
const MENDING_MS = 200;

/**
 * Checks that the tables match the migrations, and that this app may write to them. A `DataSource` with
 * `synchronize` gets them from the shipped migrations. Returns warnings, in sentences.
 * @throws WebhooksSchemaError, WebhooksPrivilegesError, WebhooksReadOnlyError, WebhooksSchemaUnreadableError
 */
export async function prepareSchema(dataSource: DataSource): Promise<string[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await prepareOnce(dataSource);
    } catch (error) {
      // After a crash, MariaDB repairs a table of its catalogue on the first read, which fails if it reads other
      // tables, too.
      if (!/write-locking of system tables/.test(String(error))) throw error;
      // Our tables are fine, so the app starts.
      if (tries === MOST_READS)
        return [`The tables of webhooks were not checked: ${(error as Error).message}`];
      await new Promise((resolve) => setTimeout(resolve, MENDING_MS));
    }
  }
}

async function prepareOnce(dataSource: DataSource): Promise<string[]> {
  keepOwnNames(dataSource);
  const queryRunner = dataSource.createQueryRunner('master');
  try {
    let state = await stateOf(queryRunner, dataSource);
    if (dataSource.options.synchronize && isBehind(state)) {
      await synchronize(queryRunner, dataSource);
      state = await stateOf(queryRunner, dataSource);
    }
    state = await wholeState(queryRunner, dataSource, state);
    await checkWrites(queryRunner, dataSource, state.tables);
    const problems = schemaProblems(dataSource, state);
    if (problems.length > 0) throw new WebhooksSchemaError(problems);
    keepOwnNames(dataSource, state.tables.get('webhook_events')!.schema);
    return schemaWarnings(dataSource, state);
  } catch (error) {
    throw error instanceof WebhooksError ? error : new WebhooksSchemaUnreadableError('checked', error);
  } finally {
    await queryRunner.release();
  }
}

/** The problems of the tables now, in sentences. Writes nothing. */
export async function presentProblems(dataSource: DataSource): Promise<string[]> {
  const queryRunner = dataSource.createQueryRunner('master');
  try {
    const state = await stateOf(queryRunner, dataSource);
    return schemaProblems(dataSource, await wholeState(queryRunner, dataSource, state));
  } finally {
    await queryRunner.release();
  }
}

/** Adds tables that MySQL hides from a user who may not read them. */
async function wholeState(
  queryRunner: QueryRunner,
  dataSource: DataSource,
  state: SchemaState,
): Promise<SchemaState> {
  if (!isMysql(dataSource) || schemaProblems(dataSource, state).length === 0) return state;
  return stateOf(queryRunner, dataSource, hiddenMysqlTables);
}

const isBehind = ({ ran }: SchemaState): boolean => ourMigrations().some(({ name }) => !ran?.has(name));

async function stateOf(
  queryRunner: QueryRunner,
  dataSource: DataSource,
  findHidden?: typeof hiddenMysqlTables,
): Promise<SchemaState> {
  const path = (table: string): string => pathOf(dataSource, table);
  const paths = [...TABLE_NAMES.map(path), migrationsTable(dataSource)];
  const visible = await readCatalogue(queryRunner, dataSource, paths);
  const hidden = (await findHidden?.(queryRunner, paths, visible)) ?? [];
  const catalogue = new Map([...visible, ...hidden]);
  return {
    tables: ownTables(catalogue, path),
    ran: await ranMigrations(queryRunner, catalogue),
  };
}

async function synchronize(queryRunner: QueryRunner, dataSource: DataSource): Promise<void> {
  try {
    await runOurMigrations(queryRunner, async () => (await stateOf(queryRunner, dataSource)).ran);
  } catch (error) {
    throw new WebhooksSchemaUnreadableError('made', error);
  }
}
