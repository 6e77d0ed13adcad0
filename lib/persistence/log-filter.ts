import { firstIdAfter, firstIdAt, type IdPrefix } from '../domain/id.js';
import type { Condition } from './sql/id-range.js';
import type { WebhookDeliveryStatus } from './webhook-delivery.entity.js';

/** Which events are wanted. All conditions must hold. Times in epoch ms, `until` exclusive. */
export interface WebhookEventFilter {
  readonly tenant: string;
  readonly eventType?: string;
  readonly test?: boolean;
  readonly since?: number;
  readonly until?: number;
}

/** Which deliveries are wanted. All conditions must hold. */
export interface WebhookLogFilter extends WebhookEventFilter {
  readonly endpointId?: string;
  readonly status?: WebhookDeliveryStatus;
  /** The id of a delivery or an event; any other text is searched in the body, ignoring case. */
  readonly search?: string;
  /** Of the last attempt: a status, or a class of them such as `5xx`. */
  readonly statusCode?: string;
  /** Of the last attempt: why there was no response, or why the delivery was canceled. */
  readonly errorCode?: string;
  /** How long the last attempt took, at least. */
  readonly minDuration?: number;
  /** An attempt was made since then; the delivery may be older. */
  readonly attemptedSince?: number;
  /** Exclusive. */
  readonly attemptedUntil?: number;
}

/** Without a tenant: of all tenants. For those who run the app. */
export type OfAnyTenant<Filter extends { readonly tenant: string }> = Omit<Filter, 'tenant'> & {
  readonly tenant?: string;
};

/** Neither sent nor waiting to be sent. Usually few among all deliveries. */
export const isLost = ({ status }: Pick<WebhookLogFilter, 'status'>): boolean =>
  status === 'failed' || status === 'canceled';

/** A row's id is never older than the row, and hardly younger. So we search by id, which has an index. */
export function inTime(
  prefix: IdPrefix,
  { since, until }: { readonly since?: number; readonly until?: number },
): Condition[] {
  return [
    // A page with too few rows should end at `since`, not at the very first row.
    ...(since === undefined ? [] : bounds('>=', since, firstIdAt(prefix, since))),
    // Likewise it should not begin at the very last one.
    ...(until === undefined ? [] : bounds('<', until, firstIdAfter(prefix, until))),
  ];
}

const bounds = (operator: '>=' | '<', time: number, id: string): Condition[] => [
  [`created_at ${operator} ?`, time],
  [`id ${operator} ?`, id],
];

/** Undefined values are no conditions. */
export const equal = (values: Readonly<Record<string, unknown>>): Condition[] =>
  Object.entries(values).flatMap(([column, value]) =>
    value === undefined ? [] : [[`${column} = ?`, value] as const],
  );
