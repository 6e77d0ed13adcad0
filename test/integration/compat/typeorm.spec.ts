import {
  DataSource,
  DefaultNamingStrategy,
  EntitySchema,
  type MigrationInterface,
  type QueryRunner,
} from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterInitialize } from '../../../lib/compat/after-initialize.js';
import { beforeDestroy } from '../../../lib/compat/before-destroy.js';
import { useGivenNames } from '../../../lib/compat/entity-names.js';
import { readingThrough } from '../../../lib/compat/reading-through.js';
import { runMigration } from '../../../lib/compat/run-migration.js';
import { structuredQuery } from '../../../lib/compat/structured-query.js';
import { ToldQuery } from '../../../lib/compat/told-query.js';
import {
  dataSourceOf,
  isEntityManager,
  schemaOf,
  subscribeTo,
  unsubscribeFrom,
} from '../../../lib/compat/typeorm.js';
import { createDatabase, type TestDatabase } from '../../support/databases.js';

interface Note {
  id: number;
  text: string;
}

const NOTES = new EntitySchema<Note>({
  name: 'Note',
  tableName: 'notes',
  columns: {
    id: { name: 'id', type: 'int', primary: true },
    text: { name: 'text_of_it', type: 'varchar', length: 40 },
  },
});

const KINDS = ['sqlite', 'postgres', 'mariadb', 'mysql'] as const;

let database: TestDatabase;
let dataSource: DataSource;

const open = (options: object = {}): Promise<DataSource> =>
  new DataSource({
    ...database.options,
    entities: [NOTES],
    ...options,
  } as DataSource['options']).initialize();

describe.each(KINDS)('What is assumed of TypeORM on %s:', (kind) => {
  beforeEach(async () => {
    database = await createDatabase(kind);
    dataSource = await open();
    await dataSource.query('CREATE TABLE notes (id int PRIMARY KEY, text_of_it varchar(40))');
    await dataSource.query(`INSERT INTO notes VALUES (1, 'one'), (2, 'two')`);
  });
  afterEach(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.drop();
  });

  const withQueryRunner = async <Result>(
    use: (queryRunner: QueryRunner) => Promise<Result>,
  ): Promise<Result> => {
    const queryRunner = dataSource.createQueryRunner();
    try {
      return await use(queryRunner);
    } finally {
      await queryRunner.release();
    }
  };

  it('its parts tell which data source they belong to', async () => {
    await withQueryRunner(async (queryRunner) => {
      for (const part of [dataSource.manager, queryRunner, dataSource.createQueryBuilder(NOTES, 'note')]) {
        expect(dataSourceOf(part)).toBe(dataSource);
      }
    });
    expect(dataSourceOf({})).toBeUndefined();
  });

  it('entity managers have a mark, and nothing else has it', async () => {
    expect(isEntityManager(dataSource.manager)).toBe(true);
    await dataSource.transaction(async (manager) => expect(isEntityManager(manager)).toBe(true));
    for (const other of [dataSource, dataSource.getRepository(NOTES), {}, null, undefined]) {
      expect(isEntityManager(other)).toBe(false);
    }
  });

  it('a subscriber that is put into its list hears of commits once each, until it is taken out', async () => {
    const subscriber = { afterTransactionCommit: vi.fn<() => void>() };
    subscribeTo(dataSource, subscriber);
    subscribeTo(dataSource, subscriber);
    await dataSource.transaction((manager) => manager.query('SELECT 1'));
    expect(subscriber.afterTransactionCommit).toHaveBeenCalledTimes(1);
    unsubscribeFrom(dataSource, subscriber);
    await dataSource.transaction((manager) => manager.query('SELECT 1'));
    expect(subscriber.afterTransactionCommit).toHaveBeenCalledTimes(1);
  });

  it('a transaction is active until the outermost commit is told, and no more then', async () => {
    const active: boolean[] = [];
    const hear = ({ queryRunner }: { queryRunner: QueryRunner }): number =>
      active.push(queryRunner.isTransactionActive);
    subscribeTo(dataSource, { afterTransactionCommit: hear, afterTransactionRollback: hear } as never);
    await dataSource.transaction(async (manager) => {
      await manager.transaction((inner) => inner.query('SELECT 1'));
      await manager.transaction(() => Promise.reject(new Error('undone'))).catch(() => undefined);
      expect(active).not.toContain(false);
    });
    expect(active.filter((one) => !one)).toEqual([false]);
    expect(active.at(-1)).toBe(false);
  });

  it('functions of ours can take the place of initialize and destroy', async () => {
    const told: string[] = [];
    afterInitialize(dataSource, 'test', () => told.push('replaced'));
    afterInitialize(dataSource, 'test', () => told.push(`opened ${dataSource.isInitialized}`));
    beforeDestroy(dataSource, async () => told.push(`closing ${dataSource.isInitialized}`));
    await dataSource.destroy();
    await dataSource.initialize();
    expect(told).toEqual(['closing true', 'opened true']);
  });

  it('query tells rows and changes apart where it is asked for it', async () => {
    await withQueryRunner(async (queryRunner) => {
      const run = (sql: string): ReturnType<typeof structuredQuery> => structuredQuery(queryRunner, sql, []);
      expect((await run('SELECT id FROM notes ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 2 }]);
      expect(await run(`UPDATE notes SET text_of_it = 'three'`)).toEqual({ rows: [], affected: 2 });
      expect(await run('DELETE FROM notes WHERE id = 1')).toEqual({ rows: [], affected: 1 });
      expect(await run('DELETE FROM notes WHERE id = 1')).toEqual({ rows: [], affected: 0 });
      if (kind === 'mysql' || kind === 'mariadb') return;
      const returning = await run(`UPDATE notes SET text_of_it = 'four' WHERE id = 2 RETURNING id`);
      expect(returning.rows).toEqual([{ id: 2 }]);
    });
  });

  it('all that a reading manager reads goes through query of its query runner, and connects nothing', async () => {
    const queryRunner = dataSource.createQueryRunner();
    const connect = vi.spyOn(queryRunner, 'connect');
    const asked: string[] = [];
    const manager = readingThrough(dataSource, queryRunner, async (sql, _, structured) => {
      asked.push(sql);
      const rows: unknown[] = /count/i.test(sql) || /SELECT 1 /.test(sql) ? [{ row_exists: 1 }] : [];
      return structured ? { raw: rows, records: rows } : rows;
    });
    const reads: Record<string, () => Promise<unknown>> = {
      query: () => manager.query('SELECT text_of_it FROM notes'),
      find: () => manager.find(NOTES),
      findOne: () => manager.findOne(NOTES, { where: { id: 1 } }),
      findOneBy: () => manager.findOneBy(NOTES, { id: 1 }),
      existsBy: () => manager.existsBy(NOTES, { id: 1 }),
      getMany: () => manager.createQueryBuilder(NOTES, 'note').getMany(),
      getRawMany: () => manager.createQueryBuilder(NOTES, 'note').select('note.text', 'text').getRawMany(),
      getOne: () => manager.createQueryBuilder(NOTES, 'note').where('note.id = :id', { id: 1 }).getOne(),
    };
    for (const [name, read] of Object.entries(reads)) {
      await read();
      expect(asked.splice(0), name).toEqual([expect.stringMatching(/notes/)]);
    }
    expect(connect).not.toHaveBeenCalled();
    connect.mockRestore();
    await queryRunner.release();
  });

  // Only PostgreSQL gets statements that TypeORM does not see.
  it.runIf(kind === 'postgres')(
    'tells loggers and subscribers of a statement as we do of those that it does not see',
    async () => {
      const values = [1];
      const sql = 'SELECT text_of_it FROM notes WHERE id = $1';
      const told: unknown[][] = [];
      const hear =
        (name: string) =>
        (event: object): void => {
          const { query, parameters, success } = event as Record<string, unknown>;
          told.push([name, query, parameters, success]);
        };
      subscribeTo(dataSource, { beforeQuery: hear('before'), afterQuery: hear('after') });
      const log = vi.spyOn(dataSource.logger, 'logQuery').mockImplementation((query, parameters) => {
        told.push(['log', query, parameters]);
      });
      const logError = vi
        .spyOn(dataSource.logger, 'logQueryError')
        .mockImplementation((_, query, parameters) => {
          told.push(['error', query, parameters]);
        });
      await withQueryRunner(async (queryRunner) => {
        await queryRunner.query(sql, values);
        const ofTypeorm = told.splice(0);
        const ours = new ToldQuery(queryRunner, sql, values);
        await ours.started();
        await ours.succeeded([]);
        expect(told.splice(0)).toEqual(ofTypeorm);

        const wrong = sql.replace('text_of_it', 'no_column');
        await expect(queryRunner.query(wrong, values)).rejects.toThrow('no_column');
        const ofFailed = told.splice(0);
        const failing = new ToldQuery(queryRunner, wrong, values);
        await failing.started();
        await failing.failed(new Error('no_column'));
        expect(told.splice(0).map(([name]) => name)).toEqual(ofFailed.map(([name]) => name));
      });
      log.mockRestore();
      logError.mockRestore();
    },
  );

  // SQLite's database in memory is gone with its data source.
  it.skipIf(kind === 'sqlite')(
    'statements have the names that an entity is given after it was read',
    async () => {
      await dataSource.destroy();
      class Shouting extends DefaultNamingStrategy {
        override tableName(): string {
          return 'OTHER';
        }

        override columnName(property: string): string {
          return property.toUpperCase();
        }
      }
      dataSource = await open({ namingStrategy: new Shouting() });
      const repository = dataSource.getRepository(NOTES);
      await expect(repository.findBy({ text: 'one' })).rejects.toThrow();
      useGivenNames(dataSource, dataSource.getMetadata(NOTES));
      expect(await repository.findBy({ text: 'one' })).toEqual([{ id: 1, text: 'one' }]);
      await repository.createQueryBuilder().update().set({ text: 'first' }).where({ id: 1 }).execute();
      await repository.insert({ id: 3, text: 'three' });
      expect(await repository.createQueryBuilder('note').orderBy('note.id').getMany()).toEqual([
        { id: 1, text: 'first' },
        { id: 2, text: 'two' },
        { id: 3, text: 'three' },
      ]);
    },
  );

  it('a migration that is run alone is one that has run for the data source that has it', async () => {
    class Colours1700000000000 implements MigrationInterface {
      name = 'Colours1700000000000';

      async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query('CREATE TABLE colours (id int)');
      }

      async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query('DROP TABLE colours');
      }
    }
    await withQueryRunner((queryRunner) => runMigration(queryRunner, new Colours1700000000000()));
    await dataSource.query('SELECT id FROM colours');
    if (kind === 'sqlite') return;
    await dataSource.destroy();
    dataSource = await open({ migrations: [Colours1700000000000] });
    expect(await dataSource.showMigrations()).toBe(false);
    expect(await dataSource.runMigrations()).toEqual([]);
  });
});

it('The options of PostgreSQL name the schema', async () => {
  const options = { type: 'postgres', url: 'postgres://nowhere', schema: 'hooks' } as const;
  expect(schemaOf(new DataSource(options))).toBe('hooks');
  expect(schemaOf(new DataSource({ type: 'better-sqlite3', database: ':memory:' }))).toBeUndefined();
});
