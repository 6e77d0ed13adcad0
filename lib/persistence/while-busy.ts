import { WebhooksDatabaseBusyError } from './sql/database-busy.error.js';

const MAX_TRIES = 6;

/**
 * Repeats work while the database is busy, for about 30 s. For background work that would otherwise be delayed by a
 * lease.
 */
export async function whileBusy<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === MAX_TRIES || !(error instanceof WebhooksDatabaseBusyError)) throw error;
    }
  }
}
