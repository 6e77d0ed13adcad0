import { withoutValues } from '../../compat/driver-error.js';
import { WebhooksError } from '../../domain/webhooks.error.js';
import {
  runEach,
  type SqlExecutor,
  type SqlResult,
  type SqlRow,
  type SqlStatement,
  type SqlStep,
} from './sql-executor.js';

/** A transaction of the app's own data layer, as we see it. The app sees it as `WebhooksTransaction`. */
export interface CallersTransaction {
  query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]>;
}

/**
 * The option `transaction` of an emit can't run our statements. Roll the transaction back: they may have run without an
 * answer.
 */
export class WebhooksTransactionUnusableError extends WebhooksError {
  readonly code = 'webhooks/transaction-unusable';

  constructor(problem: string, options?: ErrorOptions) {
    super(`The option transaction of emit ${problem}`, options);
  }
}

/** Codes for an unknown syntax or missing tables: PostgreSQL, MySQL and MariaDB, SQLite. */
const OTHER_DATABASE: readonly unknown[] = [
  '42601',
  '42P01',
  'ER_PARSE_ERROR',
  'ER_NO_SUCH_TABLE',
  'SQLITE_ERROR',
];

/**
 * Runs the steps through the app's own library. Libraries treat lists, booleans and bytes differently, so we pass none
 * of these.
 */
export class CallersExecutor implements SqlExecutor {
  constructor(private readonly transaction: CallersTransaction) {}

  run(steps: readonly SqlStep[]): Promise<SqlResult[]> {
    return runEach(steps, (statement) => this.runOne(statement));
  }

  private async runOne({ sql, params }: SqlStatement): Promise<SqlResult> {
    const rows = await this.rowsOf(sql, params.map(plain));
    if (Array.isArray(rows)) return { rows: rows as SqlRow[], affected: rows.length };
    throw new WebhooksTransactionUnusableError(
      `has a query that gives ${rows === null ? 'null' : typeof rows}, and must give a list of rows, such as ` +
        '(await client.query(sql, [...parameters])).rows.',
    );
  }

  private async rowsOf(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await this.transaction.query(sql, parameters);
    } catch (error) {
      const causes = causesOf(error);
      for (const cause of causes) withoutParameters(cause, parameters);
      if (!causes.some(isOfOtherDatabase)) throw error;
      throw new WebhooksTransactionUnusableError(
        'belongs to a database that has no tables of ours, or is of another kind: its syntax is another. It must be one of the ' +
          'database that webhooks are stored in (options dataSource and database).',
        { cause: error },
      );
    }
  }
}

const plain = (value: unknown): unknown => {
  if (typeof value === 'boolean') return Number(value);
  // An event without a share of its own has only empty lists.
  return Array.isArray(value) && value.length === 0 ? '{}' : value;
};

function causesOf(error: unknown): object[] {
  const causes: object[] = [];
  for (let one = error; typeof one === 'object' && one !== null && causes.length < 5;) {
    causes.push(one);
    one = (one as { cause?: unknown }).cause;
  }
  return causes;
}

/** Prisma has the database's own code in `meta`, or in a text. */
function isOfOtherDatabase(error: object): boolean {
  const { code, meta, originalCode } = error as { code?: unknown; originalCode?: unknown; meta?: object };
  const codes = [code, originalCode, (meta as { code?: unknown } | undefined)?.code];
  return codes.some((one) => OTHER_DATABASE.includes(one));
}

/** Errors end up in logs, and the body of an event is among the parameters. */
function withoutParameters(error: object, parameters: readonly unknown[]): void {
  withoutValues(error);
  Reflect.deleteProperty(error, 'params');
  for (const name of ['message', 'stack'] as const) {
    const text = (error as Record<string, unknown>)[name];
    if (typeof text !== 'string') continue;
    const shown = parameters.reduce<string>(
      (rest, value) => (typeof value === 'string' && value.length > 1 ? rest.replaceAll(value, '…') : rest),
      text,
    );
    if (shown !== text) Reflect.set(error, name, shown);
  }
}
