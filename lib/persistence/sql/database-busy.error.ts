import { WebhooksError } from '../../domain/webhooks.error.js';

/** How long we wait for a connection, or for the lock of a SQLite file. */
export const MAX_WAIT_MS = 5_000;

const PASS_MANAGER =
  'Inside a transaction, pass its manager: emit(type, data, { manager }), and call nothing else of WebhooksService.';

const REASONS = {
  transaction: (ms: number) =>
    `Another transaction has held SQLite's only connection for ${ms} ms. ${PASS_MANAGER}`,
  process: (ms: number) =>
    `Another process has kept the SQLite file locked for ${ms} ms. Keep its transactions short.`,
  pool: (ms: number) =>
    `The connection pool has given no connection for ${ms} ms: all are in use, or the database does not answer. ` +
    `${PASS_MANAGER} A larger pool (poolSize of the DataSource) helps where nothing waits for itself.`,
};

/** The database could not be reached in time: others hold its connections or its lock. Nothing was written. */
export class WebhooksDatabaseBusyError extends WebhooksError {
  readonly code = 'webhooks/database-busy';

  /** @param heldBy what was waited for */
  constructor(heldBy: keyof typeof REASONS, waitedMs: number) {
    super(REASONS[heldBy](Math.round(waitedMs)));
  }
}
