import { randomBytes } from 'node:crypto';
import { DataSource, type DataSourceOptions } from 'typeorm';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mariadb' | 'mysql';
export type ServerKind = Exclude<DatabaseKind, 'sqlite'>;

/** A database that belongs to one test. */
export interface TestDatabase {
  readonly options: DataSourceOptions;
  drop(): Promise<void>;
}

const SERVERS = {
  postgres: 'TEST_POSTGRES_URL',
  mariadb: 'TEST_MARIADB_URL',
  mysql: 'TEST_MYSQL_URL',
} as const;

/**
 * Creates an empty database, which `drop` removes. `npm test` starts the servers and names them in the
 * environment.
 */
export async function createDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  if (kind === 'sqlite') {
    return { options: { type: 'better-sqlite3', database: ':memory:' }, drop: async () => undefined };
  }
  const server = process.env[SERVERS[kind]];
  if (!server) throw new Error(`${SERVERS[kind]} is not set. Run the tests with npm test.`);
  const name = `webhooks_${randomBytes(6).toString('hex')}`;
  await administer(kind, server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    options: { type: kind, url: url.href },
    drop: () =>
      administer(kind, server, `DROP DATABASE ${name}${kind === 'postgres' ? ' WITH (FORCE)' : ''}`),
  };
}

async function administer(kind: ServerKind, url: string, sql: string): Promise<void> {
  const dataSource = await new DataSource({ type: kind, url }).initialize();
  try {
    await dataSource.query(sql);
  } finally {
    await dataSource.destroy();
  }
}
