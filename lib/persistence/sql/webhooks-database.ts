import type { DataSource, EntityManager } from 'typeorm';
import { UnsupportedDatabaseError } from '../unsupported-database.error.js';
import type { DeliveryStatements } from './delivery-statements.js';
import { MysqlStatements } from './mysql.statements.js';
import { PooledExecutor } from './pooled.executor.js';
import { PostgresStatements } from './postgres.statements.js';
import { TransactionExecutor, type SqlExecutor } from './sql-executor.js';
import { SqliteExecutor } from './sqlite.executor.js';
import { SqliteStatements } from './sqlite.statements.js';
import { tableNames, type TableNames } from './table-names.js';

/** The app's database as our hand-written statements see it. */
export class WebhooksDatabase {
  readonly tables: TableNames;
  readonly statements: DeliveryStatements;
  /** Runs each call in a transaction of its own. */
  readonly executor: SqlExecutor;

  /** @throws UnsupportedDatabaseError */
  constructor(readonly dataSource: DataSource) {
    const { type } = dataSource.options;
    this.tables = tableNames(dataSource);
    this.statements = statementsFor(type, this.tables);
    this.executor =
      type === 'better-sqlite3' ? new SqliteExecutor(dataSource) : new PooledExecutor(dataSource);
  }

  /** Runs what the query builders say in one transaction of its own; gives the rows that the first one changed. */
  async write(...builders: { getQueryAndParameters(): [string, unknown[]] }[]): Promise<number> {
    const steps = builders.map((builder) => {
      const [sql, params] = builder.getQueryAndParameters();
      return { sql, params };
    });
    const [first] = await this.executor.run(steps);
    return first?.affected ?? 0;
  }

  /** Runs in the caller's transaction. */
  executorOf(manager: EntityManager): SqlExecutor {
    if (!manager.queryRunner) throw new RangeError('The manager is not in a transaction.');
    return new TransactionExecutor(manager.queryRunner);
  }
}

function statementsFor(type: string, tables: TableNames): DeliveryStatements {
  switch (type) {
    case 'postgres':
      return new PostgresStatements(tables);
    case 'mysql':
    case 'mariadb':
      return new MysqlStatements(tables);
    case 'better-sqlite3':
      return new SqliteStatements(tables);
    default:
      throw new UnsupportedDatabaseError(type);
  }
}
