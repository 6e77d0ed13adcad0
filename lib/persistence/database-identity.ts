import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { schemaOf } from '../compat/typeorm.js';

/** The options of the drivers of PostgreSQL and MySQL. */
interface ServerOptions {
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly replication?: { readonly master?: ServerOptions };
}

/**
 * Eight hex digits that identify our tables of one database: the same for all its processes, others for another
 * database. On PostgreSQL they come from what the server says of itself, so that a pooler's address makes no
 * difference; elsewhere from its address.
 */
export async function databaseIdentity(dataSource: DataSource): Promise<string> {
  const { type, entityPrefix = '' } = dataSource.options;
  const server = (type === 'postgres' && (await postgresSystem(dataSource))) || addressOf(dataSource);
  const facts = [type, server, dataSource.driver.database, schemaOf(dataSource) ?? '', entityPrefix];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 8);
}

/** Made with the cluster and kept by its physical replicas. Some roles and services may not read it. */
async function postgresSystem(dataSource: DataSource): Promise<string | undefined> {
  const sql = 'SELECT system_identifier AS id FROM pg_control_system()';
  const rows = (await dataSource.query(sql).catch(() => [])) as { id: string }[];
  return rows[0]?.id;
}

function addressOf({ options }: DataSource): string {
  if (options.type === 'better-sqlite3') return `${hostname()} ${resolve(options.database)}`;
  const server = options as ServerOptions;
  const { url, host = 'localhost', port = '' } = server.replication?.master ?? server;
  return url === undefined ? `${host}:${port}` : new URL(url).host;
}
