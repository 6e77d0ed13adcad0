import type { AddressPolicy } from '../domain/address-policy.js';
import { judgeUrl } from '../domain/webhook-url.js';
import { ConnectionPool } from './connection-pool.js';
import { DeadlineQueue } from './deadline-queue.js';
import { guardedConnector, type HostLookup } from './guarded-connector.js';
import { HttpExchange, type SendResult } from './http-exchange.js';
import { REFUSED_DESTINATION, type SendError } from './send-error.js';

export interface WebhookHttpClientOptions {
  /** Wall-clock time of one request: name lookup, connecting, TLS, request and response body. */
  readonly timeoutMs: number;
  /** How much of a response body is read and recorded. */
  readonly captureBytes: number;
  readonly policy: AddressPolicy;
  /** Default: `dns.lookup`. */
  readonly lookup?: HostLookup;
  /** Certificates to trust instead of Node's, in PEM. */
  readonly ca?: string;
}

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * POSTs webhooks. The URL is judged at every request, its addresses at every connection; redirects are not followed,
 * nothing is decompressed, and proxies of the environment are not used. Concurrency is the caller's.
 */
export class WebhookHttpClient {
  readonly #pool: ConnectionPool;
  readonly #running = new DeadlineQueue<HttpExchange>();
  #closed = false;
  #onIdle: (() => void)[] = [];

  constructor(private readonly options: WebhookHttpClientOptions) {
    this.#pool = new ConnectionPool(guardedConnector(options), options.captureBytes);
  }

  /** Never rejects, and is over when `timeoutMs` is. */
  send(request: OutgoingRequest): Promise<SendResult> {
    const startedAt = performance.now();
    const verdict = judgeUrl(request.url, this.options.policy);
    if (!verdict.ok) return Promise.resolve(unsent(REFUSED_DESTINATION, startedAt));
    if (this.#closed) return Promise.resolve(unsent(CLOSED, startedAt));
    return new Promise((resolve) => this.#start(verdict.url, request, startedAt, resolve));
  }

  /** Resolves when the requests that run are over; they keep their deadline. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pool.close();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    this.#running.stop();
  }

  #start(
    url: URL,
    { headers, body }: OutgoingRequest,
    startedAt: number,
    resolve: (result: SendResult) => void,
  ): void {
    const exchange = new HttpExchange({
      request: {
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: { ...headers },
        body,
      },
      pool: this.#pool,
      startedAt,
      timeoutMs: this.options.timeoutMs,
      captureBytes: this.options.captureBytes,
      onSettled: (settled, result) => {
        this.#running.remove(settled);
        resolve(result);
        if (this.#running.size === 0) this.#onIdle.forEach((done) => done());
      },
    });
    this.#running.add(exchange);
    exchange.start();
  }
}

const CLOSED: SendError = { code: 'connection', message: 'the sender is shutting down' };

function unsent(error: SendError, startedAt: number): SendResult {
  const durationMs = Math.round(performance.now() - startedAt);
  return { status: null, headers: null, body: null, durationMs, error };
}
