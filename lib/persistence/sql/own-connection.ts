import type { DataSource, QueryRunner, ReplicationMode } from 'typeorm';
import { inOwnContext } from '../../domain/own-context.js';
import { within } from '../../domain/within.js';
import { MAX_WAIT_MS, WebhooksDatabaseBusyError } from './database-busy.error.js';

/**
 * Runs `work` on a connection of the pool that nobody else uses meanwhile, outside of its caller's async context: the pool
 * keeps the connection, which would keep what its first user's context holds. Callers may hold all of them while they wait for
 * this one, so that it waits no longer than `MAX_WAIT_MS`.
 * @throws WebhooksDatabaseBusyError
 */
export function onOwnConnection<Result>(
  dataSource: DataSource,
  mode: ReplicationMode,
  work: (queryRunner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  return inOwnContext(() => onConnection(dataSource.createQueryRunner(mode), work));
}

async function onConnection<Result>(
  queryRunner: QueryRunner,
  work: (queryRunner: QueryRunner) => Promise<Result>,
): Promise<Result> {
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
