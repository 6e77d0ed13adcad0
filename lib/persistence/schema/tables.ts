import { ATTEMPTED_COLUMNS, ATTEMPT_COLUMNS } from '../sql/attempt-columns.js';
import { typesOf, type ColumnType } from '../sql/column.js';
import { DELIVERY_COLUMNS } from '../sql/delivery-columns.js';
import { EVENT_COLUMNS } from '../sql/event-columns.js';

export type Columns = Readonly<Record<string, ColumnType>>;

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
  concurrency: ['int', undefined, 'null'],
  filter: ['text', undefined, 'null'],
  next_slot_at: ['bigint'],
  secrets: ['text'],
  failing_since: ['bigint', undefined, 'null'],
  representation: ['text', undefined, 'null'],
  version: ['varchar', 10, 'null'],
  failing_told_at: ['bigint', undefined, 'null'],
  deferred_until: ['bigint', undefined, 'null'],
  authorization_hint: ['text', undefined, 'null'],
  authorization_secret: ['text', undefined, 'null'],
  certificate_hint: ['text', undefined, 'null'],
  certificate_secret: ['text', undefined, 'null'],
  disabled_note: ['text', undefined, 'null'],
  created_at: ['bigint'],
  updated_at: ['bigint'],
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

const WORKERS: Columns = {
  id: ['varchar', 40],
  name: ['varchar', 255],
  started_at: ['bigint'],
  seen_at: ['bigint'],
};

const PAUSES: Columns = {
  id: ['varchar', 40],
  scope: ['varchar', 16],
  tenant: ['varchar', 255],
  endpoint_id: ['varchar', 40],
  reason: ['text', undefined, 'null'],
  actor: ['varchar', 255, 'null'],
  created_at: ['bigint'],
};

const JOBS: Columns = {
  id: ['varchar', 40],
  kind: ['varchar', 16],
  request: ['text'],
  status: ['varchar', 16],
  progress: ['text', undefined, 'null'],
  total: ['bigint', undefined, 'null'],
  done: ['bigint'],
  failed: ['bigint'],
  receipt: ['text', undefined, 'null'],
  problem: ['text', undefined, 'null'],
  actor: ['varchar', 255, 'null'],
  lease_token: ['varchar', 40, 'null'],
  next_run_at: ['bigint'],
  created_at: ['bigint'],
  updated_at: ['bigint'],
  finished_at: ['bigint', undefined, 'null'],
};

const TENANT_SETTINGS: Columns = {
  tenant: ['varchar', 255],
  retention_ms: ['bigint', undefined, 'null'],
  endpoints: ['int', undefined, 'null'],
  tests_per_minute: ['int', undefined, 'null'],
  resends_per_minute: ['int', undefined, 'null'],
  updated_at: ['bigint'],
};

const AUDIT: Columns = {
  id: ['varchar', 40],
  tenant: ['varchar', 255],
  endpoint_id: ['varchar', 40, 'null'],
  act: ['varchar', 32],
  actor_kind: ['varchar', 16],
  actor: ['varchar', 255, 'null'],
  subject_kind: ['varchar', 16],
  subject_id: ['varchar', 255],
  values_before: ['mediumtext', undefined, 'null'],
  values_after: ['mediumtext', undefined, 'null'],
  created_at: ['bigint'],
};

const MINUTES: Columns = {
  minute: ['bigint'],
  due: ['int'],
  oldest_due_at: ['bigint', undefined, 'null'],
  succeeded: ['int'],
  retrying: ['int'],
  failed: ['int'],
};

interface IndexOptions {
  readonly unique?: boolean;
  /** The condition of a partial index, which costs almost nothing when other rows are written. MySQL has none. */
  readonly where?: string;
  /** Created on MySQL only. */
  readonly mysql?: true;
}

export type Index = readonly [name: string, columns: readonly string[], options?: IndexOptions];

interface TableDescription {
  readonly columns: Columns;
  readonly primaryKey: readonly string[];
  readonly indices: readonly Index[];
}

// Two comparisons: SQLite does not recognize that `status = 'failed'` is covered by a list.
const LOST = `status = 'failed' OR status = 'canceled'`;

const KEY = ['tenant', 'idempotency_key'];
const WAITING = ['tenant', 'endpoint_id', 'next_attempt_at'];

/** The tables for all supported databases, without the prefix of the app's `DataSource`. */
export const TABLES = {
  webhook_endpoints: {
    columns: ENDPOINTS,
    primaryKey: ['id'],
    indices: [
      ['webhook_endpoints_tenant', ['tenant', 'id']],
      // Read at every emit, to learn whether any endpoint has a filter.
      ['webhook_endpoints_filtered', ['tenant'], { where: 'filter IS NOT NULL' }],
      // The few endpoints of all tenants that operators look for.
      ['webhook_endpoints_failing', ['id'], { where: 'failing_since IS NOT NULL' }],
      ['webhook_endpoints_failing', ['failing_since'], { mysql: true }],
      ['webhook_endpoints_disabled', ['id'], { where: 'disabled_reason IS NOT NULL' }],
      ['webhook_endpoints_disabled', ['disabled_reason'], { mysql: true }],
      ['webhook_endpoints_deferred', ['id'], { where: 'deferred_until IS NOT NULL' }],
      ['webhook_endpoints_deferred', ['deferred_until'], { mysql: true }],
      ['webhook_endpoints_limited', ['id'], { where: 'rate_limit IS NOT NULL' }],
      ['webhook_endpoints_limited', ['rate_limit'], { mysql: true }],
    ],
  },
  webhook_events: {
    columns: typesOf(EVENT_COLUMNS),
    primaryKey: ['id'],
    indices: [
      ['webhook_events_idempotency', KEY, { unique: true, where: 'idempotency_key IS NOT NULL' }],
      ['webhook_events_idempotency', KEY, { unique: true, mysql: true }],
      ['webhook_events_tenant', ['tenant', 'id']],
      ['webhook_events_test', ['tenant', 'id'], { where: 'test = true' }],
    ],
  },
  webhook_deliveries: {
    columns: typesOf(DELIVERY_COLUMNS),
    primaryKey: ['id'],
    indices: [
      ['webhook_deliveries_pair', ['event_id', 'endpoint_id'], { unique: true }],
      ['webhook_deliveries_due', ['next_attempt_at'], { where: `status = 'pending'` }],
      // Claims read only rows with a next attempt, so not the final ones. The lost ones of each tenant are together.
      ['webhook_deliveries_due', ['next_attempt_at', 'status', 'tenant'], { mysql: true }],
      // Finds the due deliveries of an endpoint, and the endpoints with waiting deliveries, whatever their number.
      ['webhook_deliveries_waiting', WAITING, { where: `status = 'pending'` }],
      ['webhook_deliveries_waiting', ['status', ...WAITING], { mysql: true }],
      ['webhook_deliveries_endpoint', ['endpoint_id', 'id']],
      ['webhook_deliveries_tenant', ['tenant', 'id']],
      ['webhook_deliveries_endpoint_lost', ['endpoint_id', 'status', 'id'], { where: LOST }],
      ['webhook_deliveries_tenant_lost', ['tenant', 'status', 'id'], { where: LOST }],
      ['webhook_deliveries_test', ['tenant', 'id'], { where: 'test = true' }],
    ],
  },
  // No other index: each one would be written at every attempt, and attempts are only read by their delivery.
  webhook_attempts: {
    columns: typesOf([...ATTEMPTED_COLUMNS, ...ATTEMPT_COLUMNS]),
    primaryKey: ['delivery_id', 'id'],
    indices: [],
  },
  webhook_stats: {
    columns: STATS,
    primaryKey: ['endpoint_id', 'hour', 'outcome', 'bin', 'writer'],
    // No index contains the count: otherwise PostgreSQL would write to it each time a count goes up.
    indices: [
      ['webhook_stats_tenant', ['tenant', 'hour']],
      ['webhook_stats_hour', ['hour', 'endpoint_id']],
    ],
  },
  // One row for each process.
  webhook_workers: { columns: WORKERS, primaryKey: ['id'], indices: [] },
  // At most a thousand rows, which all workers read all the time.
  webhook_pauses: { columns: PAUSES, primaryKey: ['id'], indices: [] },
  webhook_jobs: {
    columns: JOBS,
    primaryKey: ['id'],
    indices: [['webhook_jobs_next', ['status', 'next_run_at']]],
  },
  webhook_tenant_settings: { columns: TENANT_SETTINGS, primaryKey: ['tenant'], indices: [] },
  // Written when people act, seldom while deliveries are sent.
  webhook_audit: {
    columns: AUDIT,
    primaryKey: ['id'],
    indices: [
      ['webhook_audit_tenant', ['tenant', 'id']],
      ['webhook_audit_tenant_act', ['tenant', 'act', 'id']],
      ['webhook_audit_endpoint', ['endpoint_id', 'id']],
      ['webhook_audit_act', ['act', 'id']],
      ['webhook_audit_actor', ['actor', 'id']],
    ],
  },
  // One row a minute, for a week.
  webhook_minutes: { columns: MINUTES, primaryKey: ['minute'], indices: [] },
} as const satisfies Readonly<Record<string, TableDescription>>;

export type TableName = keyof typeof TABLES;

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/** The indices of a table on MySQL and MariaDB, or on the others. */
export function indicesOf(table: TableName, isMysql: boolean): Index[] {
  const all: readonly Index[] = TABLES[table].indices;
  return all.filter(([, , { where, mysql } = {}]) => (isMysql ? !where : !mysql));
}
