import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ClientIdentity } from './client-identities.js';
import type { GuardedConnector } from './guarded-connector.js';
import { InterimResponses } from './interim-responses.js';
import { withOwnHeaders } from './own-headers.js';

const MAX_RESPONSE_HEADER_BYTES = 16 * 1024;
/** Shorter than the 5 s after which many servers close: a request that meets their closing is a failed attempt. */
const KEEP_ALIVE_MS = 4_000;
const MAX_KEEP_ALIVE_MS = 60_000;
/**
 * A connection lives no longer than this, so that its name is looked up and judged again. A little less for each, so
 * that they don't all end at once.
 */
const MAX_AGE_MS = 60_000;
const AGE_SPREAD = 0.2;
/** The system takes a write of at most this size into an empty buffer as a whole, or not at all. */
const WHOLE_WRITE_BYTES = 16 * 1024;
const MAX_IDLE_PER_ORIGIN = 128;
const MAX_IDLE = 1_024;
/** The bytes allowed for the head, interim responses and trailers. An honest server needs a tenth of it. */
const MAX_OVERHEAD_BYTES = 256 * 1024;
/** How many times as long as the captured bytes a response may be, with its chunks and TLS records. */
const MAX_FRAMING_FACTOR = 8;

/** The server keeps sending bytes outside the body, such as interim responses, blank lines or a chunk's extension. */
export class OversizedResponseError extends Error {}

/**
 * One connection to one origin, for one request at a time. We don't use undici's own pool: it does not say which socket
 * a request used, and we need that to tell whether a failed request was sent at all.
 */
export class PooledConnection {
  readonly #client: Client;
  readonly #interim = new InterimResponses();
  #socket: Socket | undefined;
  #requests = 0;
  #bytesBefore = 0;
  #writtenBefore = 0;
  #expiresAt = Infinity;
  /** It has served a request and was kept since, so the server may have closed it. */
  kept = false;

  constructor(
    origin: string,
    /** The origin and client that it may be used for. */
    readonly purpose: string,
    connect: GuardedConnector,
    private readonly maxResponseBytes: number,
    onDisconnect: (connection: PooledConnection) => void,
  ) {
    this.#client = new Client(origin, {
      connect: (options, callback) => {
        this.#requests = 0;
        this.#expiresAt = performance.now() + MAX_AGE_MS * (1 - AGE_SPREAD * Math.random());
        this.#socket = connect(options, (...result) => {
          // With a proxy, the tunnel's socket replaces the one that connected.
          if (result[1]) this.#socket = result[1];
          callback(...result);
          this.#watchResponse(result[1]);
        });
      },
      pipelining: 1,
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
      // The caller's deadline covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#client.on('disconnect', () => onDisconnect(this));
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const dispatch = (): boolean => withOwnHeaders(options, () => this.#client.dispatch(options, handler));
    // undici waits one `setImmediate` for data that the server sent unasked. Called from the end of a response, it would
    // see none: the event loop reads sockets only after that. Another turn makes it read.
    if (this.#requests > 0) setImmediate(dispatch);
    else dispatch();
  }

  /** Called when the request is about to be written. */
  requestStarted(): void {
    this.#requests += 1;
    this.#bytesBefore = this.#socket?.bytesRead ?? 0;
    this.#writtenBefore = this.#socket?.bytesWritten ?? 0;
    this.#interim.expect();
  }

  /** Whether no byte of the running request left this process: the system refused the only write. */
  wroteNothing(error: Error): boolean {
    const written = (this.#socket?.bytesWritten ?? Infinity) - this.#writtenBefore;
    return 'syscall' in error && error.syscall === 'write' && written <= WHOLE_WRITE_BYTES;
  }

  get isWorn(): boolean {
    return performance.now() >= this.#expiresAt;
  }

  get isOpen(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed && !this.#client.destroyed;
  }

  /**
   * Whether the server has taken everything that was sent. If a server answers without reading, bodies would pile up
   * here.
   */
  get isDrained(): boolean {
    return this.#socket?.writableLength === 0;
  }

  /** Ends the running request, also while it connects: undici does not end a socket that is still connecting. */
  destroy(): void {
    void this.#client.destroy();
    this.#socket?.destroy();
  }

  // undici limits the headers and we limit the body. Anything else would be parsed at full speed until the deadline.
  #watchResponse(socket: Socket | null): void {
    socket?.prependListener('readable', () => {
      const excess = socket.bytesRead - this.#bytesBefore > this.maxResponseBytes;
      if (excess) socket.destroy(new OversizedResponseError());
      else this.#interim.takeFrom(socket);
    });
  }
}

/** A connection belongs to one client: the server has seen its certificate. */
const purposeOf = (origin: string, identity: ClientIdentity | undefined): string =>
  identity ? `${origin} ${identity.id}` : origin;

/** Keeps connections for their next request, limited in number and age. */
export class ConnectionPool {
  readonly #idle = new Map<string, PooledConnection[]>();
  #idleCount = 0;
  #closed = false;
  readonly #maxResponseBytes: number;

  constructor(
    private readonly connectorOf: (identity: ClientIdentity | undefined) => GuardedConnector,
    captureBytes: number,
  ) {
    this.#maxResponseBytes = MAX_OVERHEAD_BYTES + MAX_FRAMING_FACTOR * captureBytes;
  }

  /** The connection that was used last, since it is the likeliest to be alive; otherwise a new one. */
  take(origin: string, identity?: ClientIdentity): PooledConnection {
    const last = this.#idle.get(purposeOf(origin, identity))?.findLast(({ isDrained }) => isDrained);
    if (!last) return this.open(origin, identity);
    this.#forget(last);
    if (last.isOpen && !last.isWorn) return last;
    last.destroy();
    return this.take(origin, identity);
  }

  /** A new connection. */
  open(origin: string, identity?: ClientIdentity): PooledConnection {
    const purpose = purposeOf(origin, identity);
    return new PooledConnection(
      origin,
      purpose,
      this.connectorOf(identity),
      this.#maxResponseBytes,
      (connection) => {
        if (this.#forget(connection)) connection.destroy();
      },
    );
  }

  /** Takes back a connection whose request and response are complete. */
  giveBack(connection: PooledConnection): void {
    const idle = this.#idle.get(connection.purpose) ?? [];
    const full = idle.length >= MAX_IDLE_PER_ORIGIN || this.#idleCount >= MAX_IDLE;
    if (this.#closed || full || !connection.isOpen || connection.isWorn) {
      connection.destroy();
      return;
    }
    connection.kept = true;
    idle.push(connection);
    this.#idle.set(connection.purpose, idle);
    this.#idleCount += 1;
  }

  /** Closes idle connections now, and the others as soon as they are given back. */
  close(): void {
    this.#closed = true;
    for (const connection of [...this.#idle.values()].flat()) connection.destroy();
    this.#idle.clear();
    this.#idleCount = 0;
  }

  #forget(connection: PooledConnection): boolean {
    const idle = this.#idle.get(connection.purpose);
    const index = idle?.lastIndexOf(connection) ?? -1;
    if (!idle || index < 0) return false;
    idle.splice(index, 1);
    if (idle.length === 0) this.#idle.delete(connection.purpose);
    this.#idleCount -= 1;
    return true;
  }
}
