import {
  Table,
  TableIndex,
  type MigrationInterface,
  type QueryRunner,
  type TableColumnOptions,
} from 'typeorm';
import { mustHaveDataSource } from '../../compat/typeorm.js';

type Columns = Record<string, ColumnKind>;
type ColumnKind = [type: string, length?: number, nullable?: 'null'];

const ENDPOINTS: Columns = {
  id: ['varchar', 40],
  tenant: ['varchar', 255],
  name: ['varchar', 255],
  url: ['varchar', 2048],
  description: ['text', undefined, 'null'],
  event_types: ['text'],
  active: ['boolean'],
  disabled_reason: ['varchar', 32, 'null'],
  disabled_at: ['bigint', undefined, 'null'],
  headers: ['text'],
  rate_limit: ['int', undefined, 'null'],
  next_slot_at: ['bigint'],
  secrets: ['text'],
  failing_since: ['bigint', undefined, 'null'],
  created_at: ['bigint'],
  updated_at: ['bigint'],
};

const EVENTS: Columns = {
  id: ['varchar', 40],
  tenant: ['varchar', 255],
  type: ['varchar', 128],
  body: ['mediumtext'],
  idempotency_key: ['varchar', 255, 'null'],
  test: ['boolean'],
  created_at: ['bigint'],
};

const DELIVERIES: Columns = {
  id: ['varchar', 40],
  event_id: ['varchar', 40],
  endpoint_id: ['varchar', 40],
  tenant: ['varchar', 255],
  event_type: ['varchar', 128],
  status: ['varchar', 16],
  attempt_count: ['int'],
  schedule_attempts: ['int'],
  first_attempt_at: ['bigint', undefined, 'null'],
  next_attempt_at: ['bigint', undefined, 'null'],
  lease_token: ['varchar', 40, 'null'],
  single: ['boolean'],
  test: ['boolean'],
  status_code: ['int', undefined, 'null'],
  error_code: ['varchar', 32, 'null'],
  created_at: ['bigint'],
  completed_at: ['bigint', undefined, 'null'],
};

const ATTEMPTS: Columns = {
  delivery_id: ['varchar', 40],
  id: ['varchar', 40],
  endpoint_id: ['varchar', 40],
  tenant: ['varchar', 255],
  number: ['int'],
  outcome: ['varchar', 16],
  started_at: ['bigint'],
  duration_ms: ['int'],
  status_code: ['int', undefined, 'null'],
  error_code: ['varchar', 32, 'null'],
  error_message: ['varchar', 500, 'null'],
  request_headers: ['text'],
  response_headers: ['text', undefined, 'null'],
  response_body: ['mediumtext', undefined, 'null'],
};

const STATS: Columns = {
  endpoint_id: ['varchar', 40],
  hour: ['bigint'],
  outcome: ['varchar', 16],
  bin: ['int'],
  writer: ['int'],
  tenant: ['varchar', 255],
  attempts: ['int'],
};

interface TableDescription {
  columns: Columns;
  /** Default: `id`. */
  primaryKey?: string[];
  indices: Index[];
}

interface IndexOptions {
  readonly unique?: true;
  /** Of these rows only: such an index costs next to nothing where other rows are written. MySQL has none. */
  readonly where?: string;
  /** On MySQL only. */
  readonly mysql?: true;
}

type Index = [name: string, columns: string[], options?: IndexOptions];

// Two comparisons: SQLite does not see that `status = 'failed'` is within a list.
const LOST = `status = 'failed' OR status = 'canceled'`;

const KEY = ['tenant', 'idempotency_key'];

const TABLES: Record<string, TableDescription> = {
  webhook_endpoints: { columns: ENDPOINTS, indices: [['webhook_endpoints_tenant', ['tenant', 'id']]] },
  webhook_events: {
    columns: EVENTS,
    indices: [
      ['webhook_events_idempotency', KEY, { unique: true, where: 'idempotency_key IS NOT NULL' }],
      ['webhook_events_idempotency', KEY, { unique: true, mysql: true }],
      ['webhook_events_tenant', ['tenant', 'id']],
      ['webhook_events_test', ['tenant', 'id'], { where: 'test = true' }],
    ],
  },
  webhook_deliveries: {
    columns: DELIVERIES,
    indices: [
      ['webhook_deliveries_pair', ['event_id', 'endpoint_id'], { unique: true }],
      ['webhook_deliveries_due', ['next_attempt_at'], { where: `status = 'pending'` }],
      // Final rows are out of the range that a claim reads: they have no next attempt. Each tenant's lost ones are together.
      ['webhook_deliveries_due', ['next_attempt_at', 'status', 'tenant'], { mysql: true }],
      ['webhook_deliveries_endpoint', ['endpoint_id', 'id']],
      ['webhook_deliveries_tenant', ['tenant', 'id']],
      ['webhook_deliveries_endpoint_lost', ['endpoint_id', 'status', 'id'], { where: LOST }],
      ['webhook_deliveries_tenant_lost', ['tenant', 'status', 'id'], { where: LOST }],
      ['webhook_deliveries_test', ['tenant', 'id'], { where: 'test = true' }],
    ],
  },
  // Every index is written to at every attempt, and nobody asks for one but by its delivery.
  webhook_attempts: { columns: ATTEMPTS, primaryKey: ['delivery_id', 'id'], indices: [] },
  webhook_stats: {
    columns: STATS,
    primaryKey: ['endpoint_id', 'hour', 'outcome', 'bin', 'writer'],
    // None has the count: PostgreSQL would write to it each time that a row is counted up.
    indices: [
      ['webhook_stats_tenant', ['tenant', 'hour']],
      ['webhook_stats_hour', ['hour', 'endpoint_id']],
    ],
  },
};

/** The tables, as every supported database has them. */
export class CreateWebhooks1700000000000 implements MigrationInterface {
  name = 'CreateWebhooks1700000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const text = await exactText(queryRunner);
    // PostgreSQL and SQLite have one space of names for the indices of all tables.
    const { entityPrefix = '' } = mustHaveDataSource(queryRunner).options;
    for (const [name, { columns, primaryKey = ['id'], indices }] of Object.entries(TABLES)) {
      const table = new Table({
        name: tablePath(queryRunner, name),
        columns: Object.entries(columns).map(([column, kind]) => ({
          ...columnOptions(column, kind, text),
          isPrimary: primaryKey.includes(column),
        })),
        indices: indices
          .filter(([, , { where, mysql } = {}]) => (text === null ? !mysql : !where))
          .map(
            ([index, columnNames, { unique, where } = {}]) =>
              new TableIndex({
                name: entityPrefix + index,
                columnNames,
                isUnique: unique ?? false,
                ...(where === undefined ? {} : { where }),
              }),
          ),
      });
      await queryRunner.createTable(table);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of Object.keys(TABLES).toReversed()) {
      await queryRunner.dropTable(tablePath(queryRunner, name));
    }
  }
}

/** With the `DataSource`'s prefix and schema, as the entities have them. */
function tablePath(queryRunner: QueryRunner, name: string): string {
  const { options, driver } = mustHaveDataSource(queryRunner);
  const { schema } = options as { schema?: string };
  return driver.buildTableName((options.entityPrefix ?? '') + name, schema);
}

/** Column options under which texts that differ in case, or in spaces at their ends, are different texts. */
type ExactText = Pick<TableColumnOptions, 'charset' | 'collation'>;

/** MySQL's default collations would make one tenant of `acme`, `ACME` and `acme `; `null` for other databases. */
async function exactText(queryRunner: QueryRunner): Promise<ExactText | null> {
  if (!['mysql', 'mariadb'].includes(mustHaveDataSource(queryRunner).options.type)) return null;
  const [row] = (await queryRunner.query('SELECT VERSION() AS version')) as { version: string }[];
  const collation = /mariadb/i.test(row!.version) ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
  return { charset: 'utf8mb4', collation };
}

function columnOptions(
  name: string,
  [type, length, nullable]: ColumnKind,
  exactText: ExactText | null,
): TableColumnOptions {
  const isText = type === 'varchar' || type.endsWith('text');
  return {
    name,
    type: typeFor(type, exactText !== null),
    ...(length === undefined ? {} : { length: String(length) }),
    ...(exactText && isText ? exactText : {}),
    isNullable: nullable === 'null',
  };
}

function typeFor(type: string, isMysql: boolean): string {
  if (type === 'mediumtext') return isMysql ? 'mediumtext' : 'text';
  return type === 'boolean' && isMysql ? 'tinyint' : type;
}
