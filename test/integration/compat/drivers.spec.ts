import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, type QueryRunner } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { driverErrorOf, withoutValues } from '../../../lib/compat/driver-error.js';
import { endWhenReleased } from '../../../lib/compat/end-connection.js';
import { postgresClientOf, sendsBinary, watchBind } from '../../../lib/compat/postgres-client.js';
import { isInTransaction, sqliteDatabaseOf, unlessLocked } from '../../../lib/compat/sqlite-database.js';
import { createDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
let dataSource: DataSource;
let queryRunner: QueryRunner;

async function open(options: object): Promise<void> {
  dataSource = await new DataSource({
    ...database.options,
    ...options,
  } as DataSource['options']).initialize();
  queryRunner = dataSource.createQueryRunner();
}

async function close(): Promise<void> {
  await queryRunner.release();
  await dataSource.destroy();
  await database.drop();
}

const thrownBy = (work: Promise<unknown>): Promise<object> =>
  work.then(
    () => expect.fail('nothing was thrown'),
    (error: object) => error,
  );

const ERRORS = {
  sqlite: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' },
  postgres: { code: '23505', severity: 'ERROR' },
  mariadb: { code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000' },
  mysql: { code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000' },
} as const;

describe.each(Object.entries(ERRORS))('What is assumed of an error on %s:', (kind, told) => {
  beforeEach(async () => {
    database = await createDatabase(kind as keyof typeof ERRORS);
    await open({});
    await queryRunner.query('CREATE TABLE notes (id varchar(20) PRIMARY KEY, body varchar(20) NOT NULL)');
  });
  afterEach(close);

  const insert = (id: string, body: string | null): Promise<unknown> => {
    const marks = kind === 'postgres' ? '$1, $2' : '?, ?';
    return queryRunner.query(`INSERT INTO notes VALUES (${marks})`, [id, body]);
  };

  it('TypeORM gives what the driver told', async () => {
    await insert('one', 'body');
    expect(driverErrorOf(await thrownBy(insert('one', 'body')))).toMatchObject(told);
    const own = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    expect(driverErrorOf(own)).toBe(own);
    expect(driverErrorOf(undefined)).toEqual({});
  });

  it('what was to be written is in no property that stays', async () => {
    const error = await thrownBy(insert('whsec_value', null));
    withoutValues(error);
    const { driverError } = error as { driverError: object };
    for (const holder of [error, driverError]) {
      const values = Object.getOwnPropertyNames(holder)
        .filter((name) => name !== 'driverError')
        .map((name) => String(Reflect.get(holder, name)));
      expect(values.join(' ')).not.toContain('whsec_value');
    }
  });
});

describe.each(['postgres', 'mariadb', 'mysql'] as const)('What is assumed of the pool on %s:', (kind) => {
  beforeEach(async () => {
    database = await createDatabase(kind);
    const most = kind === 'postgres' ? { max: 1 } : { connectionLimit: 1 };
    await open({ extra: most });
  });
  afterEach(close);

  const connectionId = async (): Promise<unknown> => {
    const sql = kind === 'postgres' ? 'pg_backend_pid()' : 'CONNECTION_ID()';
    const [row] = await dataSource.query(`SELECT ${sql} AS id`);
    return row.id;
  };

  it('it keeps a connection that is released, but none that is ended', async () => {
    const first = await connectionId();
    expect(await connectionId()).toBe(first);
    await queryRunner.query('SELECT 1');
    endWhenReleased(queryRunner);
    await queryRunner.release();
    expect(await connectionId()).not.toBe(first);
  });
});

describe('What is assumed of node-postgres:', () => {
  beforeEach(async () => {
    database = await createDatabase('postgres');
    await open({});
  });
  afterEach(close);

  it('a query runner has one client until it is released, which takes statements with a name', async () => {
    const client = await postgresClientOf(queryRunner);
    expect(await postgresClientOf(queryRunner)).toBe(client);
    const result = await client.query({ name: 'ours', text: 'SELECT $1::int AS number', values: [4] });
    expect(result).toMatchObject({ rows: [{ number: 4 }], rowCount: 1 });
    const [prepared] = await queryRunner.query(
      `SELECT statement FROM pg_prepared_statements WHERE name = 'ours'`,
    );
    expect(prepared).toEqual({ statement: 'SELECT $1::int AS number' });
  });

  it('it tells that the server has bound a statement, and not of one that was refused before', async () => {
    const client = await postgresClientOf(queryRunner);
    const isRun = watchBind(client);
    await client.query({ name: 'fine', text: 'SELECT $1::int', values: [1] });
    expect(isRun()).toBe(true);
    const isFailed = watchBind(client);
    await thrownBy(client.query({ name: 'failing', text: 'SELECT 1 / floor(random())::int', values: [] }));
    expect(isFailed()).toBe(true);
    const isRefused = watchBind(client);
    await thrownBy(client.query({ name: 'refused', text: 'SELECT no_column', values: [] }));
    expect(isRefused()).toBe(false);
  });

  it('only the package itself, which TypeORM keeps, has a getter of pg-native, and it sends Buffers as they are', async () => {
    expect(sendsBinary(dataSource.driver)).toBe(true);
    const pg = createRequire(import.meta.url)('pg') as object;
    expect(sendsBinary({ postgres: Object.create(pg) as object })).toBe(false);
    const [row] = await queryRunner.query('SELECT $1::text AS text', [Buffer.from('é')]);
    expect(row).toEqual({ text: 'é' });
  });

  it('its client tells of notifications, and of its end', async () => {
    const client = await postgresClientOf(queryRunner);
    await client.query('LISTEN ours');
    const notified = new Promise<void>((resolve) => client.on('notification', resolve));
    await dataSource.query('NOTIFY ours');
    await notified;
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    endWhenReleased(queryRunner);
    await queryRunner.release();
    await ended;
  });
});

describe('What is assumed of better-sqlite3:', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webhooks-compat-'));
    database = {
      options: { type: 'better-sqlite3', database: join(folder, 'app.sqlite') },
      drop: () => rm(folder, { recursive: true }),
    };
    await open({ enableWAL: true });
    await queryRunner.query('CREATE TABLE notes (id int)');
  });
  afterEach(close);

  it('TypeORM has one query runner and one database for all callers, and both tell of an open transaction', async () => {
    const other = dataSource.createQueryRunner();
    const own = await sqliteDatabaseOf(queryRunner);
    expect(await sqliteDatabaseOf(other)).toBe(own);
    expect(isInTransaction(queryRunner, own)).toBe(false);
    await dataSource.transaction(async () => expect(isInTransaction(queryRunner, own)).toBe(true));
    own.exec('BEGIN');
    expect(isInTransaction(queryRunner, own)).toBe(true);
    own.exec('COMMIT');
    const begun = other.startTransaction();
    expect(isInTransaction(queryRunner, own)).toBe(true);
    await begun;
    await other.rollbackTransaction();
  });

  it('a statement tells whether it gives rows, and what it changes', async () => {
    const own = await sqliteDatabaseOf(queryRunner);
    const insert = own.prepare('INSERT INTO notes VALUES (?)');
    expect([insert.reader, insert.run(1).changes]).toEqual([false, 1]);
    const select = own.prepare('SELECT id FROM notes');
    expect([select.reader, select.all()]).toEqual([true, [{ id: 1 }]]);
  });

  it('a file that another has locked is told at once, and the wait that the app has set is kept', async () => {
    const own = await sqliteDatabaseOf(queryRunner);
    own.pragma('busy_timeout = 4321');
    const locker = await new DataSource(dataSource.options).initialize();
    await locker.query('BEGIN IMMEDIATE');
    const start = performance.now();
    expect(unlessLocked(own, () => own.exec('INSERT INTO notes VALUES (1)'))).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1_000);
    await locker.query('ROLLBACK');
    await locker.destroy();
    expect(unlessLocked(own, () => own.prepare('SELECT id FROM notes').all())).toEqual([]);
    expect(own.pragma('busy_timeout', { simple: true })).toBe(4321);
  });
});
