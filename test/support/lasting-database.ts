import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createDatabase, type DatabaseKind, type TestDatabase } from './databases.js';

/** Databases that outlive their connections, unlike `:memory:`. Each is dropped after its test. */
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

/** A SQLite database in a file, which `drop` deletes. */
export async function sqliteFile(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'webhooks-database-'));
  return {
    options: { type: 'better-sqlite3', database: join(folder, 'app.sqlite') },
    drop: () => rm(folder, { recursive: true }),
  };
}
