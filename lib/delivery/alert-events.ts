/** `webhooks.lag.exceeded`: something has been due for the option `lagAfter`; sent once, until `webhooks.lag.recovered`. */
export interface WebhookLagEvent {
  /** When it was told first, ISO 8601. */
  readonly since: string;
  /** ISO 8601. */
  readonly at: string;
  /** When the oldest due delivery became due, ISO 8601; `null` if nothing is due. */
  readonly oldestDueAt: string | null;
  /** How many deliveries are due, of all tenants; 100,000 for more than that. */
  readonly due: number;
}

/**
 * `webhooks.queue.away` and `webhooks.database.away`: one of them does not answer, twice in a row; sent once, until `webhooks.queue.back` and
 * `webhooks.database.back`.
 */
export interface WebhookOutageEvent {
  /** When it was found first, ISO 8601. */
  readonly since: string;
  /** ISO 8601. */
  readonly at: string;
  /** A sentence; `null` for the events that end in `.back`. */
  readonly reason: string | null;
  /** The process that tells, as `health.workers()` knows it: of the database, each tells of its own connection. */
  readonly instance: string;
}

/** `webhooks.tenant.limited`: a tenant was refused something for a limit; sent once an hour for each tenant and limit. */
export interface WebhookTenantLimitedEvent {
  readonly tenant: string;
  readonly limit: 'endpointsPerTenant' | 'testsPerMinute' | 'resendsPerMinute';
  /** What the limit is. */
  readonly value: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What those who run the app want to be woken for. */
export interface WebhookAlerts {
  'webhooks.lag.exceeded': WebhookLagEvent;
  'webhooks.lag.recovered': WebhookLagEvent;
  'webhooks.queue.away': WebhookOutageEvent;
  'webhooks.queue.back': WebhookOutageEvent;
  'webhooks.database.away': WebhookOutageEvent;
  'webhooks.database.back': WebhookOutageEvent;
  'webhooks.tenant.limited': WebhookTenantLimitedEvent;
}
