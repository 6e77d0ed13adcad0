import { randomInt } from 'node:crypto';
import type { DataSource, EntityManager, EntitySubscriberInterface, SelectQueryBuilder } from 'typeorm';
import { beforeDestroy } from '../../compat/before-destroy.js';
import { sendsBinary } from '../../compat/postgres-client.js';
import type { ReadingManager } from '../../compat/reading-through.js';
import { dataSourceOf, isEntityManager, subscribeTo, unsubscribeFrom } from '../../compat/typeorm.js';
import { presentProblems } from '../schema/prepare-schema.js';
import { UnsupportedDatabaseError } from '../unsupported-database.error.js';
import { WRITERS } from './attempt-counts.js';
import { CallersExecutor, type CallersTransaction } from './callers.executor.js';
import type { DeliveryStatements } from './delivery-statements.js';
import { MysqlStatements } from './mysql.statements.js';
import { PooledExecutor } from './pooled.executor.js';
import { PostgresStatements } from './postgres.statements.js';
import { readingManager, sqliteReadingManager } from './reading-manager.js';
import {
  TransactionExecutor,
  type OwnExecutor,
  type SqlExecutor,
  type SqlRow,
  type SqlStatement,
  type SqlStep,
} from './sql-executor.js';
import { SqliteExecutor } from './sqlite.executor.js';
import { SqliteStatements } from './sqlite.statements.js';
import { tableNames, type TableNames } from './table-names.js';

/** Statements, with what runs them. */
export interface StatementRunner {
  readonly statements: DeliveryStatements;
  readonly executor: SqlExecutor;
}

interface QueryBuilder {
  getQueryAndParameters(): [string, unknown[]];
}

/** The app's database as our hand-written statements see it. */
export class WebhooksDatabase implements StatementRunner {
  readonly tables: TableNames;
  readonly statements: DeliveryStatements;
  /** Runs each call in a transaction of its own. */
  readonly executor: OwnExecutor;
  /** How many groups of one kind should run at once. On SQLite more than one would only commit more often. */
  readonly parallelGroups: number;
  /** Reads the present state: for decisions, and for answers to writes. */
  readonly primary: ReadingManager;
  /** Reads lists and charts, from a replica if the app has one. So results may be as old as the replica is behind. */
  readonly replica: ReadingManager;
  readonly isPostgres: boolean;
  readonly dialect: 'postgres' | 'mysql' | 'sqlite';
  /** MySQL or MariaDB, for statements that differ between databases in little else. */
  readonly isMysql: boolean;

  /** The statements that any library can run. */
  private readonly plainStatements: DeliveryStatements;

  /** @throws UnsupportedDatabaseError */
  constructor(private readonly dataSource: DataSource) {
    const { type } = dataSource.options;
    this.tables = tableNames(dataSource);
    this.isPostgres = type === 'postgres';
    this.isMysql = type === 'mysql' || type === 'mariadb';
    this.dialect = this.isPostgres ? 'postgres' : this.isMysql ? 'mysql' : 'sqlite';
    this.statements = statementsFor(dataSource, this.tables, sendsBinary(dataSource.driver));
    this.plainStatements = statementsFor(dataSource, this.tables, false);
    if (type === 'better-sqlite3') {
      const executor = new SqliteExecutor(dataSource);
      this.executor = executor;
      this.parallelGroups = 1;
      this.primary = this.replica = sqliteReadingManager(dataSource, executor);
    } else {
      this.executor = new PooledExecutor(dataSource);
      this.parallelGroups = 2;
      this.primary = readingManager(dataSource, 'master');
      this.replica = readingManager(dataSource, dataSource.defaultReplicationModeForReads());
    }
  }

  /** Writes in one transaction of its own. Resolves with the rows that the first write changed. */
  async write(...writes: (QueryBuilder | SqlStep)[]): Promise<number> {
    const [first] = await this.executor.run(
      writes.map((write) => ('getQueryAndParameters' in write ? statementOf(write) : write)),
    );
    return first?.affected ?? 0;
  }

  /**
   * Writes only if `allows` says so about the rows that `read` returns, while nobody else does this with the same key.
   * Resolves with those rows, and whether it was written.
   */
  async writeIf(
    key: string,
    read: QueryBuilder,
    allows: (rows: readonly SqlRow[]) => boolean,
    ...writes: (QueryBuilder | readonly SqlStatement[])[]
  ): Promise<{ rows: readonly SqlRow[]; written: boolean }> {
    const steps = writes.map(
      (write): SqlStep =>
        ([first]) =>
          allows(first!.rows) ? ('length' in write ? write : statementOf(write)) : undefined,
    );
    const [first] = await this.executor.runExclusively(key, [statementOf(read), ...steps]);
    return { rows: first!.rows, written: allows(first!.rows) };
  }

  /**
   * Locks the rows of a query until the transaction ends, which may then change them by what it reads. SQLite lets one
   * transaction write at a time anyway.
   */
  locked<Row extends object>(query: SelectQueryBuilder<Row>): SqlStatement {
    return statementOf(this.dialect === 'sqlite' ? query : query.setLock('pessimistic_write'));
  }

  /** The entity of a row. @param prefix of the row's columns: a query builder adds its alias */
  entityOf<Row extends object>(entity: new () => Row, row: SqlRow, prefix: 'row_' | ''): Row {
    const { driver } = this.dataSource;
    const { columns } = this.dataSource.getMetadata(entity);
    const values = columns
      .filter(({ isSelect }) => isSelect)
      .map((column) => {
        const value: unknown = driver.prepareHydratedValue(row[prefix + column.databaseName], column);
        return [column.propertyName, value];
      });
    return Object.fromEntries(values) as Row;
  }

  /** Whether the manager belongs to the `DataSource` of webhooks. */
  owns(manager: EntityManager): boolean {
    return dataSourceOf(manager) === this.dataSource;
  }

  /** What is wrong with the tables now, in sentences. */
  schemaProblems(): Promise<string[]> {
    return presentProblems(this.dataSource);
  }

  /**
   * Registers a subscriber with TypeORM. A data source that is opened again has forgotten it, so this may be called
   * again at any time.
   */
  subscribe(subscriber: EntitySubscriberInterface): void {
    subscribeTo(this.dataSource, subscriber);
  }

  unsubscribe(subscriber: EntitySubscriberInterface): void {
    unsubscribeFrom(this.dataSource, subscriber);
  }

  /** Runs `work` to its end before the app's data source is closed. Returns a function that undoes this. */
  beforeDestroy(work: () => Promise<unknown>): () => void {
    return beforeDestroy(this.dataSource, work);
  }

  /** Runs in the caller's transaction. */
  joining(transaction: EntityManager | CallersTransaction): StatementRunner {
    if (!isEntityManager(transaction))
      return { statements: this.plainStatements, executor: new CallersExecutor(transaction) };
    if (!transaction.queryRunner) throw new RangeError('The manager is not in a transaction.');
    return { statements: this.statements, executor: new TransactionExecutor(transaction.queryRunner) };
  }
}

/** The statement of a query builder, for an executor. */
export function statementOf(builder: QueryBuilder): SqlStatement {
  const [sql, params] = builder.getQueryAndParameters();
  return { sql, params };
}

function statementsFor(
  { options: { type } }: DataSource,
  tables: TableNames,
  binary: boolean,
): DeliveryStatements {
  const writer = randomInt(WRITERS);
  switch (type) {
    case 'postgres':
      return new PostgresStatements(tables, writer, binary);
    case 'mysql':
    case 'mariadb':
      return new MysqlStatements(tables, writer);
    case 'better-sqlite3':
      return new SqliteStatements(tables, writer);
    default:
      throw new UnsupportedDatabaseError(type);
  }
}
