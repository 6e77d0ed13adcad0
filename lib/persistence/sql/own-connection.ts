import type { DataSource, QueryRunner, ReplicationMode } from 'typeorm';
import { inOwnContext } from '../../domain/own-context.js';
import { within } from '../../domain/within.js';
import { MAX_WAIT_MS, WebhooksDatabaseBusyError } from './database-busy.error.js';

/**
 * Runs `work` on a connection of the pool, outside the caller's async context: the pool keeps the connection, and with
 * it whatever the context of its first user holds. Callers may hold all connections while they wait for this one, so it
 * waits `MAX_WAIT_MS` at most.
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
    // The connection comes in the end, and would never be released.
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
