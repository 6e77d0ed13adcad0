import { WebhooksDatabaseBusyError } from './sql/database-busy.error.js';

const MAX_TRIES = 6;

/** Tries again while the database is busy, some 30 s in all: for work that nobody waits for, and that is lost for a lease otherwise. */
export async function whileBusy<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === MAX_TRIES || !(error instanceof WebhooksDatabaseBusyError)) throw error;
    }
  }
}
