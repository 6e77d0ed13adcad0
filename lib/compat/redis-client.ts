/** The part of ioredis's clients that we use, whether Bull or BullMQ made them. */
export interface RedisClient {
  readonly status: string;
  readonly isCluster?: boolean;
  on(event: 'ready', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
  disconnect(): void;
  ping(): Promise<unknown>;
  info(section: string): Promise<string>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, unit: 'EX', seconds: number): Promise<unknown>;
}

/**
 * Whether Redis is reachable. Otherwise `add` of Bull 4, and of BullMQ 5 and 6, neither resolves nor rejects, and may
 * add its job later. A cluster without a ready check stays at `connect`.
 */
export const isOnline = ({ status, isCluster }: RedisClient): boolean =>
  status === 'ready' || (status === 'connect' && isCluster === true);

/** Whether the promise of a command resolves before the connection ends. After that it may never settle. */
export function untilDisconnected(client: RedisClient, added: Promise<unknown>): Promise<boolean> {
  let lost = (): void => undefined;
  const disconnected = new Promise<void>((resolve) => client.once('close', (lost = resolve)));
  return Promise.race([added.then(() => true), disconnected.then(() => false)]).finally(() =>
    client.off('close', lost),
  );
}

/**
 * A client that the app made may outlive our queue, which ignores its errors once it is closed: ioredis prints errors
 * that nobody listens to.
 */
export function heard<Client>(client: Client): Client {
  (client as { on(event: 'error', listener: () => void): void }).on('error', () => undefined);
  return client;
}
