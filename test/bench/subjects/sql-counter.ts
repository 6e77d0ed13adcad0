import { createRequire } from 'node:module';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Methods = Record<string, Method>;

const require = createRequire(import.meta.url);

let statements = 0;

/** Statements that this process has sent since it began to count, BEGIN and COMMIT included. */
export const sqlStatements = (): number => statements;

/** Counts at the driver, below TypeORM. To be called before the first connection. */
export function countSql(type: string): void {
  if (type === 'postgres') {
    const { Client } = require('pg') as { Client: { prototype: Methods } };
    count(Client.prototype, ['query']);
  } else if (type === 'better-sqlite3') countSqlite();
  else {
    const { Connection } = require('mysql2') as { Connection: { prototype: Methods } };
    count(Connection.prototype, ['query', 'execute']);
  }
}

function countSqlite(): void {
  const Database = require('better-sqlite3') as {
    new (file: string): { prepare(sql: string): Methods; close(): void };
    prototype: Methods;
  };
  const database = new Database(':memory:');
  const statement = Object.getPrototypeOf(database.prepare('SELECT 1')) as Methods;
  database.close();
  count(statement, ['run', 'get', 'all']);
  count(Database.prototype, ['exec']);
}

function count(owner: Methods, names: readonly string[]): void {
  for (const name of names) {
    const original = owner[name]!;
    owner[name] = function (...args) {
      statements++;
      return original.apply(this, args);
    };
  }
}
