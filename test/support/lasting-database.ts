import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createDatabase, type DatabaseKind, type TestDatabase } from './databases.js';

/** A database that outlives its connections, which `:memory:` does not, for the tests of a file. Gone after each. */
export function lastingDatabases(): (kind: DatabaseKind) => Promise<TestDatabase> {
  const databases: TestDatabase[] = [];
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.drop();
  });
  return async (kind) => {
    const database = kind === 'sqlite' ? await sqliteFile() : await createDatabase(kind);
    databases.push(database);
    return database;
  };
}

/** A SQLite database in a file, gone after `drop`. */
export async function sqliteFile(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'webhooks-database-'));
  return {
    options: { type: 'better-sqlite3', database: join(folder, 'app.sqlite') },
    drop: () => rm(folder, { recursive: true }),
  };
}
