import type { EventEmitter } from 'node:events';
import type { QueryRunner } from 'typeorm';

interface PreparedQuery {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** The part of a client of node-postgres 8 that is used; `pg-native` has it as well, but for `connection`. */
export interface PostgresClient {
  query(statement: PreparedQuery): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
  query(sql: string): Promise<unknown>;
  on(event: 'notification', listener: () => void): void;
  once(event: 'end', listener: () => void): void;
  /** Tells of each message of the server. */
  readonly connection?: EventEmitter;
}

/** What `connect()` of TypeORM's query runner gives on PostgreSQL: the client of the pool, the same until it is released. */
export const postgresClientOf = async (queryRunner: QueryRunner): Promise<PostgresClient> =>
  (await queryRunner.connect()) as PostgresClient;

/** Gives what tells whether the server has bound a statement since; `undefined` where nobody knows. To be called once. */
export function watchBind({ connection }: PostgresClient): () => boolean | undefined {
  if (!connection) return () => undefined;
  let isBound = false;
  const onBind = (): void => void (isBound = true);
  connection.once('bindComplete', onBind);
  return () => {
    connection.off('bindComplete', onBind);
    return isBound;
  };
}

/**
 * Whether a parameter that is a Buffer is sent in the binary format. TypeORM takes `pg-native` where that is installed, whose
 * parameters are texts, and keeps the driver's package in `postgres`. Only `pg` itself has a getter `native`.
 */
export function sendsBinary(driver: object): boolean {
  const { postgres } = driver as { postgres?: object };
  return postgres !== undefined && Object.hasOwn(postgres, 'native') && !process.env.NODE_PG_FORCE_NATIVE;
}
