import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { addMissingColumn } from '../schema/add-missing-column.js';
import { readCatalogue } from '../schema/catalogue.js';
import { pathOf, tablePath } from '../schema/own-names.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import {
  createIndexStatement,
  createTableStatement,
  dropColumnStatement,
  exactTextOf,
  isMysql,
} from '../schema/table-statements.js';
import { indicesOf, type TableName } from '../schema/tables.js';

const TABLES: readonly TableName[] = ['webhook_pauses', 'webhook_jobs', 'webhook_tenant_settings'];
const ENDPOINTS = 'webhook_endpoints';
const NOTE = 'disabled_note';

/** What operators do: pauses, jobs, settings of a tenant, and why they disabled an endpoint. A database that this version has made has all of it already. */
export class OperatorActs1700000000009 implements MigrationInterface {
  name = 'OperatorActs1700000000009';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      const paths = TABLES.map((table) => pathOf(dataSource, table));
      // MySQL warns of one that is there.
      const found = await readCatalogue(queryRunner, dataSource, paths);
      const exactText = await exactTextOf(queryRunner, dataSource);
      for (const table of TABLES) {
        if (found.has(pathOf(dataSource, table))) continue;
        await queryRunner.query(createTableStatement(dataSource, table, exactText));
        if (isMysql(dataSource)) continue;
        for (const index of indicesOf(table, false)) {
          await queryRunner.query(createIndexStatement(dataSource, table, index));
        }
      }
      await addMissingColumn(queryRunner, ENDPOINTS, NOTE);
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      await queryRunner.query(dropColumnStatement(dataSource, ENDPOINTS, NOTE));
      for (const table of TABLES.toReversed()) {
        await queryRunner.query(`DROP TABLE IF EXISTS ${tablePath(dataSource, table)}`);
      }
    });
  }
}
