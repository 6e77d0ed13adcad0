import type { QueryRunner } from 'typeorm';

/** A connection of `pg`, or of `mysql2` or `mysql`, of which only the latter two have `destroy`. */
interface PooledConnection {
  end(): unknown;
  destroy?(): void;
}

const ended = new WeakSet<QueryRunner>();

/** Makes the connection of a query runner end when it is released, instead of going back to the pool. */
export function endWhenReleased(queryRunner: QueryRunner): void {
  if (ended.has(queryRunner)) return;
  ended.add(queryRunner);
  const release = queryRunner.release.bind(queryRunner);
  queryRunner.release = async () => {
    const connection = (await queryRunner.connect()) as PooledConnection;
    if (connection.destroy) connection.destroy();
    else void connection.end();
    // The pools don't keep an ended connection.
    await release();
  };
}
