import type { DataSource } from 'typeorm';
import { HOUR_MS, hourOf } from '../../lib/domain/hour.js';
import { WebhookEndpoint } from '../../lib/persistence/webhook-endpoint.entity.js';
import type { DatabaseKind } from './databases.js';

/** The number of events. Each has one delivery, which has one attempt if it is final. */
export const LOGGED = 200_000;
export const PENDING = 8_000;
const SPAN_MS = 60 * 24 * HOUR_MS;
/** The time between two consecutive rows. */
const STEP_MS = SPAN_MS / LOGGED;

/** The tenant with half of the log, divided evenly among its endpoints. Other tenants share the rest. */
export const LARGE_TENANT = 'large';
export const TENANTS = [LARGE_TENANT, ...Array.from({ length: 9 }, (_, index) => `small-${index}`)];
const ENDPOINTS_OF_EACH = 5;
const OTHER_ENDPOINTS = 3_000;

export const endpointIdOf = (tenant: string, index = 0): string =>
  `ep_${String(TENANTS.indexOf(tenant) * ENDPOINTS_OF_EACH + index).padStart(32, '0')}`;

/** Expressions that each dialect writes differently. */
interface Dialect {
  /** Formats a number below 2^48 as twelve hex digits. */
  hex(number: string): string;
  concat(...parts: string[]): string;
  /** The type to cast to for numbers beyond 2^31. */
  integer: string;
  div(a: string, b: number): string;
  analyze: string[];
}

const joined = (...parts: string[]): string => parts.join(' || ');
const TABLES = [
  'webhook_endpoints',
  'webhook_events',
  'webhook_deliveries',
  'webhook_attempts',
  'webhook_stats',
];

const MYSQL: Dialect = {
  hex: (number) => `LPAD(LOWER(HEX(${number})), 12, '0')`,
  concat: (...parts) => `CONCAT(${parts.join(', ')})`,
  integer: 'SIGNED',
  div: (a, b) => `(${a} DIV ${b})`,
  analyze: [`ANALYZE TABLE ${TABLES.join(', ')}`],
};

export const DIALECTS: Record<DatabaseKind, Dialect> = {
  sqlite: {
    hex: (number) => `printf('%012x', ${number})`,
    concat: joined,
    integer: 'BIGINT',
    div: (a, b) => `(${a} / ${b})`,
    analyze: ['ANALYZE'],
  },
  postgres: {
    hex: (number) => `lpad(to_hex(${number}), 12, '0')`,
    concat: joined,
    integer: 'BIGINT',
    div: (a, b) => `(${a} / ${b})`,
    analyze: ['VACUUM ANALYZE'],
  },
  mariadb: MYSQL,
  mysql: MYSQL,
};

const DIGITS = Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ');
/** Uses as few digits as possible, because a database generates all numbers before it filters. */
export const numbers = (count: number): string => {
  const places = Array.from(String(count - 1), (_, place) => place + 1);
  const sum = places.map((place) => `${10 ** (place - 1)} * d${place}.d`).join(' + ');
  const from = places.map((place) => `(${DIGITS}) d${place}`).join(', ');
  return `(SELECT ${sum} AS n FROM ${from}) numbers WHERE n < ${count}`;
};

/**
 * Stores a log of the sixty days before `now`. Nearly all deliveries succeeded; a few failed or were
 * canceled. One event in a thousand is a test, and one in a thousand has a rare type. The youngest are
 * pending.
 */
export async function storeLargeLog(dataSource: DataSource, kind: DatabaseKind, now: number): Promise<void> {
  const { hex, concat, div, integer } = DIALECTS[kind];
  await dataSource
    .getRepository(WebhookEndpoint)
    .insert(
      TENANTS.flatMap((tenant) =>
        Array.from({ length: ENDPOINTS_OF_EACH }, (_, index) => newEndpoint(tenant, index, now)),
      ),
    );
  // The endpoints of the other tenants.
  await dataSource.query(`INSERT INTO webhook_endpoints (id, tenant, name, url, event_types, active, headers,
      next_slot_at, secrets, created_at, updated_at)
    SELECT ${concat(`'ep_1'`, `'${'0'.repeat(24)}'`, 'SUBSTR(CAST(10000000 + n AS CHAR(8)), 2)')},
      ${concat(`'other-'`, 'CAST(n AS CHAR(5))')}, 'Other', 'http://127.0.0.1:9/', ' * ', true, '{}', 0, '[]', 0, 0
    FROM ${numbers(OTHER_ENDPOINTS)}`);
  const createdAt = `(${now - SPAN_MS} + n * CAST(${STEP_MS} AS ${integer}))`;
  const id = (prefix: string): string =>
    concat(`'${prefix}_'`, hex(createdAt), `'70008'`, `SUBSTR(CAST(1000000000000000 + n AS CHAR(16)), 2)`);
  const small = `CAST(${div('n', 2)} % ${TENANTS.length - 1} AS CHAR(1))`;
  const tenant = `CASE WHEN n % 2 = 0 THEN '${LARGE_TENANT}' ELSE ${concat(`'small-'`, small)} END`;
  const tenantPlace = `CASE WHEN n % 2 = 0 THEN 0 ELSE 1 + ${div('n', 2)} % ${TENANTS.length - 1} END`;
  const endpointNumber = `${ENDPOINTS_OF_EACH} * (${tenantPlace}) + ${div('n', 40)} % ${ENDPOINTS_OF_EACH}`;
  const endpoint = concat(
    `'ep_'`,
    `'${'0'.repeat(28)}'`,
    `SUBSTR(CAST(10000 + ${endpointNumber} AS CHAR(5)), 2)`,
  );
  const type = `CASE WHEN n % 1000 = 500 THEN 'follower.gained' ELSE 'post.published' END`;
  const test = 'CASE WHEN n % 1000 = 600 THEN true ELSE false END';
  const isPending = `n >= ${LOGGED - PENDING}`;
  const status = `CASE WHEN ${isPending} THEN 'pending' WHEN n % 100 = 7 OR n % 100 = 8 THEN 'failed'
    WHEN n % 200 = 9 THEN 'canceled' ELSE 'succeeded' END`;
  await dataSource.query(`INSERT INTO webhook_events (id, tenant, type, body, created_at, test)
    SELECT ${id('evt')}, ${tenant}, ${type}, '{"type":"post.published"}', ${createdAt}, ${test} FROM ${numbers(LOGGED)}`);
  await dataSource.query(`INSERT INTO webhook_deliveries (id, event_id, endpoint_id, tenant, event_type, status,
      attempt_count, schedule_attempts, next_attempt_at, completed_at, single, test, created_at)
    SELECT ${id('dlv')}, ${id('evt')}, ${endpoint}, ${tenant}, ${type}, ${status}, 1, 1,
      CASE WHEN ${isPending} THEN ${createdAt} END, CASE WHEN ${isPending} THEN NULL ELSE ${createdAt} + 100 END,
      false, ${test}, ${createdAt} FROM ${numbers(LOGGED)}`);
  await dataSource.query(`INSERT INTO webhook_attempts (delivery_id, id, endpoint_id, tenant, number, outcome,
      started_at, duration_ms, request_headers)
    SELECT ${id('dlv')}, ${id('att')}, ${endpoint}, ${tenant}, 1, 'succeeded', ${createdAt}, 40, '{}'
    FROM ${numbers(LOGGED - PENDING)}`);
  await storeStats(dataSource, kind, now);
}

/** Each endpoint was busy in every hour, with one row for each of two latencies. */
async function storeStats(dataSource: DataSource, kind: DatabaseKind, now: number): Promise<void> {
  const { concat, div, integer } = DIALECTS[kind];
  const hours = SPAN_MS / HOUR_MS;
  const [hour, bin] = [`n % ${hours}`, `${div('n', hours)} % 2`];
  const rowsOfEach = hours * 2;
  for (const tenant of TENANTS) {
    const index = `CAST(${TENANTS.indexOf(tenant) * ENDPOINTS_OF_EACH} + ${div('n', rowsOfEach)} + 10000 AS CHAR(5))`;
    const endpoint = concat(`'ep_'`, `'${'0'.repeat(28)}'`, `SUBSTR(${index}, 2)`);
    await dataSource.query(`INSERT INTO webhook_stats (endpoint_id, hour, outcome, bin, writer, tenant, attempts)
      SELECT ${endpoint}, ${hourOf(now) - SPAN_MS} + (${hour}) * CAST(${HOUR_MS} AS ${integer}),
        CASE WHEN n % 2 = 0 THEN 'succeeded' ELSE 'retrying' END, ${bin}, 0, '${tenant}', 5
      FROM ${numbers(rowsOfEach * ENDPOINTS_OF_EACH)}`);
  }
}

/** Updates the statistics of the query planner. */
export async function analyze(dataSource: DataSource, kind: DatabaseKind): Promise<void> {
  for (const statement of DIALECTS[kind].analyze) await dataSource.query(statement);
}

function newEndpoint(tenant: string, index: number, now: number): WebhookEndpoint {
  return {
    id: endpointIdOf(tenant, index),
    tenant,
    name: `Receiver ${index}`,
    url: `http://127.0.0.1:9/${index}`,
    description: null,
    events: ['*'],
    active: true,
    disabledReason: null,
    disabledNote: null,
    disabledAt: null,
    headers: {},
    rateLimit: null,
    concurrency: null,
    representation: null,
    version: null,
    filter: null,
    nextSlotAt: 0,
    secrets: '[]',
    failingSince: null,
    failingToldAt: null,
    deferredUntil: null,
    authorization: null,
    clientCertificate: null,
    createdAt: now,
    updatedAt: now,
  };
}
