import type { MigrationInterface, QueryRunner } from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';
import { readCatalogue } from '../schema/catalogue.js';
import { missingIndices } from '../schema/missing-indices.js';
import { pathOf, tablePath } from '../schema/own-names.js';
import { withSchemaLock } from '../schema/schema-lock.js';
import {
  createIndexStatement,
  createTableStatement,
  dropIndexStatement,
  exactTextOf,
} from '../schema/table-statements.js';

const MINUTES = 'webhook_minutes';
const ENDPOINTS = 'webhook_endpoints';
const INDICES = [
  'webhook_endpoints_failing',
  'webhook_endpoints_disabled',
  'webhook_endpoints_deferred',
  'webhook_endpoints_limited',
];

/**
 * Adds the minutes, and indices of the few endpoints that operators look for. Skips what was created with the tables.
 */
export class Operators1700000000008 implements MigrationInterface {
  name = 'Operators1700000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      const path = pathOf(dataSource, MINUTES);
      // MySQL warns if it already exists.
      if (!(await readCatalogue(queryRunner, dataSource, [path])).has(path)) {
        const exactText = await exactTextOf(queryRunner, dataSource);
        await queryRunner.query(createTableStatement(dataSource, MINUTES, exactText));
      }
      for (const index of await missingIndices(queryRunner, ENDPOINTS)) {
        if (!INDICES.includes(index[0])) continue;
        await queryRunner.query(createIndexStatement(dataSource, ENDPOINTS, index));
      }
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await withSchemaLock(queryRunner, async () => {
      const dataSource = mustHaveDataSource(queryRunner);
      for (const index of INDICES.toReversed()) {
        await queryRunner.query(dropIndexStatement(dataSource, ENDPOINTS, index));
      }
      await queryRunner.query(`DROP TABLE IF EXISTS ${tablePath(dataSource, MINUTES)}`);
    });
  }
}
