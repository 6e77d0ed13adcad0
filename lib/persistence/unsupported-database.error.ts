import { WebhooksError } from '../domain/webhooks.error.js';

/** The package does not support the type of the app's `DataSource`. */
export class UnsupportedDatabaseError extends WebhooksError {
  readonly code = 'webhooks/unsupported-database';

  constructor(readonly type: string) {
    super(
      `The DataSource has type '${type}'. Webhooks are stored in 'postgres' (15 or later), 'mysql' (8), ` +
        `'mariadb' (10.6 or later) or 'better-sqlite3'. Point the option dataSource to one of those.`,
    );
  }
}
