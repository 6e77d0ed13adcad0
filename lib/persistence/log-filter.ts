import { firstIdAfter, firstIdAt, type IdPrefix } from '../domain/id.js';
import type { Condition } from './sql/id-range.js';
import type { WebhookDeliveryStatus } from './webhook-delivery.entity.js';

/** Which events: all conditions hold. Times in epoch ms, `until` exclusive. */
export interface WebhookEventFilter {
  readonly tenant: string;
  readonly eventType?: string;
  readonly test?: boolean;
  readonly since?: number;
  readonly until?: number;
}

/** Which deliveries: all conditions hold. */
export interface WebhookLogFilter extends WebhookEventFilter {
  readonly endpointId?: string;
  readonly status?: WebhookDeliveryStatus;
  /** The id of a delivery or of an event; any other text is looked for in the body, in upper or lower case. */
  readonly search?: string;
  /** Of the last attempt: a status, or a class of them such as `5xx`. */
  readonly statusCode?: string;
  /** Of the last attempt: why there was no response; or why the delivery was canceled. */
  readonly errorCode?: string;
  /** How long the last attempt took, at least. */
  readonly minDuration?: number;
  /** When an attempt was made, whenever the delivery was. */
  readonly attemptedSince?: number;
  /** Exclusive. */
  readonly attemptedUntil?: number;
}

/** Which of all tenants where none is named: for those who run the app. */
export type OfAnyTenant<Filter extends { readonly tenant: string }> = Omit<Filter, 'tenant'> & {
  readonly tenant?: string;
};

/** Neither sent nor to be sent: few, as a rule, among all that were. */
export const isLost = ({ status }: Pick<WebhookLogFilter, 'status'>): boolean =>
  status === 'failed' || status === 'canceled';

/** No id is older than its row, or much younger, and the ids are what there is an index of. */
export function inTime(
  prefix: IdPrefix,
  { since, until }: { readonly since?: number; readonly until?: number },
): Condition[] {
  return [
    // A page that finds too few rows ends at `since`, not at the first row there is.
    ...(since === undefined ? [] : bounds('>=', since, firstIdAt(prefix, since))),
    // Nor does it begin with the last one.
    ...(until === undefined ? [] : bounds('<', until, firstIdAfter(prefix, until))),
  ];
}

const bounds = (operator: '>=' | '<', time: number, id: string): Condition[] => [
  [`created_at ${operator} ?`, time],
  [`id ${operator} ?`, id],
];

/** What is undefined is not asked for. */
export const equal = (values: Readonly<Record<string, unknown>>): Condition[] =>
  Object.entries(values).flatMap(([column, value]) =>
    value === undefined ? [] : [[`${column} = ?`, value] as const],
  );
