import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { CapturedResponse, recordHeaders } from './captured-response.js';
import type { ConnectionPool, PooledConnection } from './connection-pool.js';
import type { Expiring } from './deadline-queue.js';
import { CUT, UNSENT, toSendError, type SendError } from './send-error.js';

/** What became of a request. `status`, `headers` and `body` are null where no response came. */
export interface SendResult {
  readonly status: number | null;
  /** Names in lower case, values of one name joined with a comma; at most 8 KiB. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** The start of the body, at most the capture size. */
  readonly body: string | null;
  readonly durationMs: number;
  /** Set with a `status` where the response began and did not end. */
  readonly error: SendError | null;
}

export interface ExchangeOptions {
  readonly request: Dispatcher.DispatchOptions & { readonly origin: string };
  readonly pool: ConnectionPool;
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly captureBytes: number;
  /** Called once. */
  readonly onSettled: (exchange: HttpExchange, result: SendResult) => void;
}

/**
 * One request and its response: undici's handler. It settles exactly once, at the latest when it expires, and nothing of
 * it is sent after that. A redirect is a response like any other.
 */
export class HttpExchange implements Dispatcher.DispatchHandler, Expiring {
  readonly dueAt: number;
  #connection: PooledConnection | undefined;
  #response: CapturedResponse | undefined;
  #started = false;
  #settled = false;

  constructor(private readonly options: ExchangeOptions) {
    this.dueAt = options.startedAt + options.timeoutMs;
  }

  start(): void {
    this.#dispatch(this.options.pool.take(this.options.request.origin));
  }

  expire(): void {
    const phase = this.#response
      ? 'reading the response'
      : this.#started
        ? 'waiting for the response'
        : 'connecting';
    const message = `timed out after ${this.options.timeoutMs} ms while ${phase}`;
    this.#abort({ code: 'timeout', message });
  }

  /** Ends it now, whatever is under way. */
  interrupt(): void {
    this.#abort(this.#started ? CUT : UNSENT);
  }

  onRequestStart(): void {
    this.#started = true;
    this.#connection?.requestStarted();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx: the response is still to come.
    if (status < 200) return;
    this.#response = new CapturedResponse(status, recordHeaders(headers), this.options.captureBytes);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response?.append(chunk) === 'full') this.#abort(null);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#response?.complete();
    if (this.#connection) this.options.pool.giveBack(this.#connection);
    this.#settle(null);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#settled) return;
    if (this.#connection?.isStale) this.#sendAgain();
    else this.#abort(toSendError(error));
  }

  // The server had closed the kept connection. Once only: a new connection is never stale.
  #sendAgain(): void {
    this.#started = false;
    this.#connection?.destroy();
    this.#dispatch(this.options.pool.open(this.options.request.origin));
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
    this.options.onSettled(this, {
      status: this.#response?.status ?? null,
      headers: this.#response?.headers ?? null,
      body: this.#response?.text() ?? null,
      durationMs: Math.round(performance.now() - this.options.startedAt),
      error,
    });
  }
}
