import { DELIVERY_ID_PARTS } from '../../domain/id.js';
import type { DeliveryRecord, RecordParts } from '../../domain/delivery.js';
import { COUNT_COLUMNS, COUNT_KEY, countedBin, countedHour } from './attempt-counts.js';
import { ATTEMPTED_COLUMNS, ATTEMPT_COLUMNS } from './attempt-columns.js';
import { EPOCH_MS, ID, INT, namesOf, nullable, type Column, type ColumnType } from './column.js';
import { RECORDED_COLUMNS, insertDeliveriesOf } from './delivery-columns.js';
import { FREEZE_INPUT } from './frozen-columns.js';
import { EVENT_COLUMNS } from './event-columns.js';
import { ENDPOINT_COLUMNS } from './loaded-delivery.js';
import { arrayTypeOf } from './postgres-arrays.js';
import type { TableNames } from './table-names.js';

const { eventPart, rankPart } = DELIVERY_ID_PARTS;

/** The parameters of a fan-out after its events: the lease, and which deliveries are under it. */
const [EXPIRES_AT, TOKEN, MOST, EXCEPT] = [1, 2, 3, 4].map((place) => `$${EVENT_COLUMNS.length + place}`);
/** The parameters after those: the filters that judged the events, and what they allow. */
const [JUDGED_ID, JUDGED_FILTER, ALLOWED_EVENT, ALLOWED_ENDPOINT] = [5, 6, 7, 8].map(
  (place) => `$${EVENT_COLUMNS.length + place}`,
);

/** The input of a record: delivery and token, the delivery's new values, the attempt, and what is counted. */
export const RECORD_INPUT: readonly Column<DeliveryRecord>[] = [
  { name: 'delivery_id', type: ID, value: (record) => record.deliveryId },
  { name: 'token', type: ID, value: (record) => record.token },
  ...RECORDED_COLUMNS,
  ...ATTEMPT_COLUMNS.map(({ name, type, value }) => ({
    name: `attempt_${name}`,
    type,
    value: ({ attempt }: DeliveryRecord) => attempt && value(attempt),
  })),
  { name: 'counted_hour', type: nullable(EPOCH_MS), value: countedHour },
  { name: 'counted_bin', type: nullable(INT), value: countedBin },
];

/** Per fan-out. A larger one is sent over many seconds, and loads its endpoints meanwhile. */
const MOST_ENDPOINTS = 100;
/** A filter reads the event in the version of its endpoint. */
const VERSIONED = "coalesce(ep.version, '') || ep.filter";
const NO_ENDPOINT = ENDPOINT_COLUMNS.map((column) => `NULL AS ${column}`).join(', ');

export interface Storing {
  /** Whether to return the endpoints of the own share, too. */
  readonly withEndpoints: boolean;
  /** Whether arrays use the binary format. Otherwise texts, which any library can send. */
  readonly binary: boolean;
  /**
   * `none`: asks only whether any endpoint of any tenant has a filter; if one has, nothing is stored. `asked`: stores
   * the events that no filter concerns, and returns the filters of the others. `judged`: also stores the events that
   * were judged by their present filters.
   */
  readonly filters: 'none' | 'asked' | 'judged';
}

/**
 * Stores events and their deliveries. Parameters: arrays of `EVENT_COLUMNS`, the end and the token of the own share's
 * lease, how many deliveries it may have, and the endpoints that it may not have. With `judged` also arrays of the
 * endpoints and filters that judged, and of the events and endpoints that these allow: rarely more than are sent.
 * An event is stored if every filter that concerns it has judged it in its present form. To keep this one atomic
 * statement, it returns the filters of the other events; the caller judges them and calls again.
 */
export function storeText(tables: TableNames, { withEndpoints, binary, filters }: Storing): string {
  const { endpoints, events: eventTable } = tables;
  const list = (param: string): string => unseen(param, 'text', binary);
  const isNew = `NOT EXISTS (SELECT 1 FROM unnest(${list(JUDGED_ID!)}, ${list(JUDGED_FILTER!)}) j(id, filter)
        WHERE j.id = ep.id AND j.filter = ${VERSIONED})`;
  const isLetThrough = `(ep.filter IS NULL OR (s.id, ep.id) IN (
        SELECT * FROM unnest(${list(ALLOWED_EVENT!)}, ${list(ALLOWED_ENDPOINT!)})))`;
  const kept = `SELECT *, 'dlv_' || substr(event_id, 5, ${eventPart}) || lpad(to_hex(rank), ${rankPart}, '0') AS id,
        CASE WHEN own THEN ${EXPIRES_AT}::bigint ELSE created_at END AS next_attempt_at,
        CASE WHEN own THEN ${TOKEN}::text END AS lease_token FROM wanted`;
  const unjudged = `unjudged AS (
      SELECT e.id AS event_id, ep.id, ep.tenant, ${VERSIONED} AS filter FROM unnest(${list('$1')}, ${list('$2')}, ${list('$3')}) e(id, tenant, type)
      JOIN ${endpoints} ep ON ep.tenant = e.tenant AND ep.filter IS NOT NULL AND ep.active AND ${wants('e.type')}
        ${filters === 'judged' ? `AND ${isNew}` : ''}
    ), `;
  const toJudge = `UNION ALL (SELECT id, json_build_array(tenant, filter)::text, NULL::bigint${withEndpoints ? `, ${NO_ENDPOINT}` : ''}
      FROM unjudged GROUP BY id, tenant, filter)`;
  // Each part of the statement costs about 20 µs, whatever it finds. So it gets no more parts than it needs.
  const isPlain = filters === 'none';
  const isStored = isPlain
    ? `NOT EXISTS (SELECT 1 FROM ${endpoints} WHERE filter IS NOT NULL)`
    : 'id NOT IN (SELECT event_id FROM unjudged)';
  return `WITH ${isPlain ? '' : unjudged}stored AS (
      INSERT INTO ${eventTable} (${namesOf(EVENT_COLUMNS)})
      SELECT * FROM ${unnested(EVENT_COLUMNS, binary)} e(${namesOf(EVENT_COLUMNS)}) WHERE ${isStored}
      ON CONFLICT (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
      RETURNING id, tenant, type, created_at
    ), wanted AS (
      SELECT s.id AS event_id, s.tenant, s.type AS event_type, s.created_at, ep.id AS endpoint_id,
        row_number() OVER (PARTITION BY s.id ORDER BY ep.id) AS rank,
        row_number() OVER () <= ${MOST}::int AND ep.id <> ALL (${arrayOf(EXCEPT!, 'text', binary)}) AS own
      FROM stored s JOIN ${endpoints} ep ON ep.tenant = s.tenant AND ep.active AND ${wants('s.type')}
        ${filters === 'judged' ? `AND ${isLetThrough}` : ''}
    ), fanned AS (
      ${insertDeliveriesOf(tables, kept)}
      RETURNING id, event_id, endpoint_id, lease_token
    )
    SELECT s.id, string_agg(f.id || ' ' || f.endpoint_id, ' ') FILTER (WHERE f.lease_token IS NOT NULL) AS own,
      count(f.id) FILTER (WHERE f.lease_token IS NULL) AS others${withEndpoints ? `, ${NO_ENDPOINT}` : ''}
    FROM stored s LEFT JOIN fanned f ON f.event_id = s.id GROUP BY s.id
    ${withEndpoints ? endpointsOf(tables) : ''}
    ${isPlain ? '' : toJudge}`;
}

const wants = (type: string): string => `(
        strpos(ep.event_types, ' ' || ${type} || ' ') > 0
        OR strpos(ep.event_types, ' ' || split_part(${type}, '.', 1) || '.* ') > 0
        OR strpos(ep.event_types, ' * ') > 0)`;

/** The same snapshot has the endpoints as the fan-out saw them. */
const endpointsOf = ({ endpoints }: TableNames): string =>
  `UNION ALL (SELECT id, NULL, NULL, ${ENDPOINT_COLUMNS.join(', ')} FROM ${endpoints}
    WHERE id IN (SELECT endpoint_id FROM fanned WHERE lease_token IS NOT NULL) LIMIT ${MOST_ENDPOINTS})`;

/** Writes records. Parameters: arrays of `RECORD_INPUT`, and the writer if attempts are counted. */
export function recordText(tables: TableNames, parts: RecordParts): string {
  const { deliveries, attempts, stats } = tables;
  const attempted = `, attempted AS (
      INSERT INTO ${attempts} (${namesOf([...ATTEMPTED_COLUMNS, ...ATTEMPT_COLUMNS])})
      SELECT h.id, h.endpoint_id, h.tenant, ${ATTEMPT_COLUMNS.map(({ name }) => `i.attempt_${name}`).join(', ')}
      FROM input i JOIN held h ON h.id = i.delivery_id WHERE i.attempt_id IS NOT NULL)`;
  const counted = `, counted AS (
      INSERT INTO ${stats} AS s (${COUNT_COLUMNS.join(', ')})
      SELECT h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin, $${RECORD_INPUT.length + 1}::int,
        h.tenant, count(*)
      FROM input i JOIN held h ON h.id = i.delivery_id WHERE i.counted_hour IS NOT NULL
      GROUP BY h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin, h.tenant
      ORDER BY h.endpoint_id, i.counted_hour, i.attempt_outcome, i.counted_bin
      ON CONFLICT (${COUNT_KEY.join(', ')}) DO UPDATE SET attempts = s.attempts + excluded.attempts)`;
  return `WITH input AS (
      SELECT * FROM ${unnested(RECORD_INPUT)} AS t(${namesOf(RECORD_INPUT)})
    ), held AS (
      UPDATE ${deliveries} d SET lease_token = NULL, ${RECORDED_COLUMNS.map(({ name }) => `${name} = i.${name}`).join(', ')}
      FROM input i WHERE d.id = i.delivery_id AND d.lease_token = i.token
      RETURNING d.id, d.endpoint_id, d.tenant
    )${parts === 'state' ? '' : attempted}${parts === 'all' ? counted : ''} SELECT string_agg(id, ' ') AS ids FROM held`;
}

/** Writes bodies. Parameters: arrays of `FREEZE_INPUT`. */
export const freezeText = ({ deliveries }: TableNames): string =>
  `WITH held AS (
      UPDATE ${deliveries} d SET frozen_body = i.frozen_body
      FROM ${unnested(FREEZE_INPUT)} AS i(${namesOf(FREEZE_INPUT)})
      WHERE d.id = i.id AND d.lease_token = i.lease_token RETURNING d.id
    ) SELECT string_agg(id, ' ') AS ids FROM held`;

/**
 * The planner assumes ten elements in an array that it does not see, and uses the index. With an array that it sees, it
 * would scan a table of up to some ten thousand rows, at several times the cost.
 */
const unseen = (param: string, type: string, binary?: boolean): string =>
  `(SELECT ${arrayOf(param, type, binary)})`;
export const anyOf = (param: string): string => `ANY (${unseen(param, 'text')}::text[])`;
const unnested = (columns: readonly { readonly type: ColumnType }[], binary?: boolean): string =>
  `unnest(${columns.map(({ type }, index) => unseen(`$${index + 1}`, arrayTypeOf(type), binary)).join(', ')})`;

/** As a text: a library that knows the types of parameters would send ours only as text. */
const arrayOf = (param: string, type: string, binary = true): string =>
  `${param}${binary ? '' : '::text'}::${type}[]`;
