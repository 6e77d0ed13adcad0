import type { EventEmitter } from 'node:events';
import type { QueryRunner } from 'typeorm';

interface PreparedQuery {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** The part of a client of node-postgres 8 that we use. `pg-native` has it as well, except `connection`. */
export interface PostgresClient {
  query(statement: PreparedQuery): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
  query(sql: string): Promise<unknown>;
  on(event: 'notification', listener: () => void): void;
  once(event: 'end', listener: () => void): void;
  /** Emits each message of the server. */
  readonly connection?: EventEmitter;
}

/**
 * The result of `connect()` of TypeORM's query runner on PostgreSQL: the client of the pool, the same until it is
 * released.
 */
export const postgresClientOf = async (queryRunner: QueryRunner): Promise<PostgresClient> =>
  (await queryRunner.connect()) as PostgresClient;

/**
 * Returns a function that says whether the server has bound a statement since; `undefined` if nobody knows. Call it
 * once.
 */
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
 * Whether a Buffer as a parameter is sent in the binary format. TypeORM uses `pg-native` if it is installed, whose
 * parameters are texts, and keeps the driver's package in `postgres`. Only `pg` itself has a getter `native`.
 */
export function sendsBinary(driver: object): boolean {
  const { postgres } = driver as { postgres?: object };
  return postgres !== undefined && Object.hasOwn(postgres, 'native') && !process.env.NODE_PG_FORCE_NATIVE;
}
