import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { GuardedConnector } from './guarded-connector.js';

const MAX_RESPONSE_HEADER_BYTES = 16 * 1024;
const KEEP_ALIVE_MS = 10_000;
const MAX_KEEP_ALIVE_MS = 60_000;
const MAX_IDLE_PER_ORIGIN = 32;
const MAX_IDLE = 1_024;

/**
 * One connection to one origin, for one request at a time. undici's own pool does not tell which socket a request went
 * out on, and that decides whether a request that failed may be sent again.
 */
export class PooledConnection {
  readonly #client: Client;
  #socket: Socket | undefined;
  #requests = 0;
  #bytesBefore = 0;

  constructor(
    readonly origin: string,
    connect: GuardedConnector,
    onDisconnect: (connection: PooledConnection) => void,
  ) {
    this.#client = new Client(origin, {
      connect: (options, callback) => {
        this.#requests = 0;
        this.#socket = connect(options, callback);
      },
      pipelining: 1,
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
      // One deadline of the caller covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#client.on('disconnect', () => onDisconnect(this));
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(options, handler);
  }

  /** To be called when the request is about to be written. */
  requestStarted(): void {
    this.#requests += 1;
    this.#bytesBefore = this.#socket?.bytesRead ?? 0;
  }

  /** The running request went out on a socket that had served one before, and nothing has come back for it. */
  get isStale(): boolean {
    return this.#requests > 1 && this.#socket?.bytesRead === this.#bytesBefore;
  }

  get isOpen(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed && !this.#client.destroyed;
  }

  /** Ends the request that runs, also while it connects: undici leaves a socket that is still connecting to itself. */
  destroy(): void {
    void this.#client.destroy();
    this.#socket?.destroy();
  }
}

/** Keeps connections for their next request, and only as many and as long as is sensible. */
export class ConnectionPool {
  readonly #idle = new Map<string, PooledConnection[]>();
  #idleCount = 0;
  #closed = false;

  constructor(private readonly connect: GuardedConnector) {}

  /** The connection that was used last, as the likeliest to be alive, or a new one. */
  take(origin: string): PooledConnection {
    const last = this.#idle.get(origin)?.at(-1);
    if (!last) return this.open(origin);
    this.#forget(last);
    if (last.isOpen) return last;
    last.destroy();
    return this.take(origin);
  }

  /** A connection that has served no request. */
  open(origin: string): PooledConnection {
    return new PooledConnection(origin, this.connect, (connection) => {
      if (this.#forget(connection)) connection.destroy();
    });
  }

  /** Gives back a connection whose request and response are complete. */
  giveBack(connection: PooledConnection): void {
    const idle = this.#idle.get(connection.origin) ?? [];
    const full = idle.length >= MAX_IDLE_PER_ORIGIN || this.#idleCount >= MAX_IDLE;
    if (this.#closed || full || !connection.isOpen) {
      connection.destroy();
      return;
    }
    idle.push(connection);
    this.#idle.set(connection.origin, idle);
    this.#idleCount += 1;
  }

  /** Closes what is idle now, and what is given back from now on at once. */
  close(): void {
    this.#closed = true;
    for (const connection of [...this.#idle.values()].flat()) connection.destroy();
    this.#idle.clear();
    this.#idleCount = 0;
  }

  #forget(connection: PooledConnection): boolean {
    const idle = this.#idle.get(connection.origin);
    const index = idle?.lastIndexOf(connection) ?? -1;
    if (!idle || index < 0) return false;
    idle.splice(index, 1);
    if (idle.length === 0) this.#idle.delete(connection.origin);
    this.#idleCount -= 1;
    return true;
  }
}
