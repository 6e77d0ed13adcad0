import type { DataSource, QueryRunner, ReplicationMode } from 'typeorm';
import { within } from '../../domain/within.js';
import { MAX_WAIT_MS, WebhooksDatabaseBusyError } from './database-busy.error.js';

/**
 * Runs `work` on a connection of the pool that nobody else uses meanwhile. Callers may hold all of them while they wait for
 * this one, so that it waits no longer than `MAX_WAIT_MS`.
 * @throws WebhooksDatabaseBusyError
 */
export async function onOwnConnection<Result>(
  dataSource: DataSource,
  mode: ReplicationMode,
  work: (queryRunner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const queryRunner = dataSource.createQueryRunner(mode);
  const connected = queryRunner.connect().then(() => true);
  if (!(await within(connected, MAX_WAIT_MS))) {
    // It comes in the end, and would be in use for ever.
    connected.then(
      () => queryRunner.release(),
      () => undefined,
    );
    throw new WebhooksDatabaseBusyError('pool', MAX_WAIT_MS);
  }
  try {
    return await work(queryRunner);
  } finally {
    await queryRunner.release();
  }
}
