import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { ClientIdentity } from './client-identities.js';
import { CapturedResponse } from './captured-response.js';
import type { ConnectionPool, PooledConnection } from './connection-pool.js';
import type { Expiring } from './deadline-queue.js';
import { CUT, UNSENT, toSendError, type SendError } from './send-error.js';

/** The result of a request. `status`, `headers` and `body` are null if there was no response. */
export interface SendResult {
  readonly status: number | null;
  /** Names in lower case, values of one name joined with a comma; at most 8 KiB. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** The header `Retry-After`, even if it is not among the recorded ones. */
  readonly retryAfter: string | null;
  /** The start of the body, at most the capture size. */
  readonly body: string | null;
  readonly durationMs: number;
  /** With a `status`: the response began but did not end. */
  readonly error: SendError | null;
}

export interface ExchangeOptions {
  readonly request: Dispatcher.DispatchOptions & { readonly origin: string };
  readonly identity?: ClientIdentity;
  readonly pool: ConnectionPool;
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly captureBytes: number;
  /** Called once. */
  readonly onSettled: (exchange: HttpExchange, result: SendResult) => void;
}

/** How long we wait for the rest of a body beyond the captured part, so that its connection can be kept. */
const MAX_DROPPING_MS = 200;

/**
 * One request and its response, as undici's handler. It settles exactly once, by its deadline at the latest, and sends
 * nothing after that. A redirect is a response like any other.
 */
export class HttpExchange implements Dispatcher.DispatchHandler, Expiring {
  readonly dueAt: number;
  #connection: PooledConnection | undefined;
  #response: CapturedResponse | undefined;
  #started = false;
  #settled = false;
  #dropping: NodeJS.Timeout | undefined;

  constructor(private readonly options: ExchangeOptions) {
    this.dueAt = options.startedAt + options.timeoutMs;
  }

  start(): void {
    this.#dispatch(this.options.pool.take(this.options.request.origin, this.options.identity));
  }

  expire(): void {
    const phase = this.#response
      ? 'reading the response'
      : this.#started
        ? 'waiting for the response'
        : 'connecting';
    const message = `timed out after ${this.options.timeoutMs} ms while ${phase}`;
    this.#break({ code: 'timeout', message });
  }

  /** Ends it now, in whatever state. */
  interrupt(): void {
    this.#break(this.#started ? CUT : UNSENT);
  }

  onRequestStart(): void {
    this.#started = true;
    this.#connection?.requestStarted();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx: the response is still to come.
    if (status < 200) return;
    this.#response = new CapturedResponse(status, headers, this.options.captureBytes);
    const { 'content-length': length = '0', 'transfer-encoding': coding } = headers;
    // undici would wait for the body that these headers promise, and end the connection when none comes.
    if (this.#response.endsWithHead && (length !== '0' || coding !== undefined)) this.#abort(null);
    else if (this.#response.isFull) this.#drop();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#response?.append(chunk);
    if (this.#response?.isFull) this.#drop();
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#response?.complete();
    if (this.#connection) this.options.pool.giveBack(this.#connection);
    this.#settle(null);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    if (this.#wasNotSent(error)) this.#sendAgain();
    else this.#break(toSendError(error));
  }

  /**
   * Whether the server had closed a kept connection before the request was written. A written request is never sent
   * again: the server may have begun to work on it (RFC 9110 section 9.2.2).
   */
  #wasNotSent(error: Error): boolean {
    if (!this.#connection?.kept) return false;
    return !this.#started || this.#connection.wroteNothing(error);
  }

  // Happens only once: a new connection was never kept.
  #sendAgain(): void {
    this.#started = false;
    this.#connection?.destroy();
    this.#dispatch(this.options.pool.open(this.options.request.origin, this.options.identity));
  }

  /** The result is final. A short rest of the body is read only to keep the connection. */
  #drop(): void {
    if (this.#response?.isTooLong) this.#abort(null);
    else this.#dropping ??= setTimeout(() => this.#abort(null), MAX_DROPPING_MS);
  }

  /** Ends it with an error, unless the captured part was complete. */
  #break(error: SendError): void {
    this.#abort(this.#dropping ? null : error);
  }

  #dispatch(connection: PooledConnection): void {
    this.#connection = connection;
    connection.dispatch(this.options.request, this);
  }

  #abort(error: SendError | null): void {
    if (this.#settled) return;
    this.#settle(error);
    this.#connection?.destroy();
  }

  #settle(error: SendError | null): void {
    this.#settled = true;
    clearTimeout(this.#dropping);
    this.options.onSettled(this, {
      status: this.#response?.status ?? null,
      headers: this.#response?.headers ?? null,
      retryAfter: this.#response?.retryAfter ?? null,
      body: this.#response?.text() ?? null,
      durationMs: Math.round(performance.now() - this.options.startedAt),
      error,
    });
  }
}
