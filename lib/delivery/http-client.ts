import type { AddressPolicy } from '../domain/address-policy.js';
import { judgeUrl } from '../domain/webhook-url.js';
import type { ClientIdentity } from './client-identities.js';
import { ConnectionPool } from './connection-pool.js';
import { DeadlineQueue } from './deadline-queue.js';
import { guardedConnector, type GuardedConnectorOptions, type HostLookup } from './guarded-connector.js';
import { hostLookup } from './host-lookup.js';
import { HttpExchange, type SendResult } from './http-exchange.js';
import { REFUSED_DESTINATION, UNSENT, type SendError } from './send-error.js';

export interface WebhookHttpClientOptions {
  /** Real time for one request: name look-up, connecting, TLS, request and response body. */
  readonly timeoutMs: number;
  /** How many bytes of a response body are read and recorded. */
  readonly captureBytes: number;
  readonly policy: AddressPolicy;
  /** Added to the message of a refused destination. Default: nothing. */
  readonly refusalHint?: string;
  /** Default: {@link hostLookup}. */
  readonly lookup?: HostLookup;
  readonly ca?: GuardedConnectorOptions['ca'];
  readonly identity?: GuardedConnectorOptions['identity'];
  readonly proxy?: GuardedConnectorOptions['proxy'];
  readonly proxyHealth?: GuardedConnectorOptions['proxyHealth'];
}

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Replaces the client's limits for this request: a shorter timeout, or a longer answer. */
  readonly timeoutMs?: number;
  readonly captureBytes?: number;
  /** The client certificate. Default: the client's own, or none. */
  readonly identity?: ClientIdentity;
}

interface Target {
  readonly origin: string;
  readonly path: string;
}

const MAX_TARGETS = 10_000;
const MAX_IDENTITIES = 1_000;

/**
 * POSTs webhooks. Judges the URL before the first request to it, and its addresses at every connection. Follows no
 * redirects, decompresses nothing, and ignores proxies of the environment. The caller limits concurrency.
 */
export class WebhookHttpClient {
  readonly #pool: ConnectionPool;
  readonly #running = new DeadlineQueue<HttpExchange>();
  /** URLs with their parsed targets; `null` for refused ones. The rules don't change while the app runs. */
  readonly #targets = new Map<string, Target | null>();
  #closed = false;
  #onIdle: (() => void)[] = [];

  constructor(private readonly options: WebhookHttpClientOptions) {
    this.#pool = new ConnectionPool(
      connectors({ ...options, lookup: options.lookup ?? hostLookup() }),
      options.captureBytes,
    );
  }

  /** Never rejects, and resolves within `timeoutMs`. */
  send(request: OutgoingRequest): Promise<SendResult> {
    const startedAt = performance.now();
    const target = this.#target(request.url);
    if (!target) return Promise.resolve(this.#explained(unsent(REFUSED_DESTINATION, startedAt)));
    if (this.#closed) return Promise.resolve(unsent(UNSENT, startedAt));
    return new Promise((resolve) => this.#start(target, request, startedAt, resolve));
  }

  /** Ends the running requests. */
  interrupt(): void {
    for (const exchange of this.#running) exchange.interrupt();
  }

  /** Resolves when the running requests have ended. They keep their deadlines. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pool.close();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    this.#running.stop();
  }

  #explained(result: SendResult): SendResult {
    const { refusalHint } = this.options;
    if (!refusalHint || result.error !== REFUSED_DESTINATION) return result;
    return {
      ...result,
      error: { ...REFUSED_DESTINATION, message: REFUSED_DESTINATION.message + refusalHint },
    };
  }

  #target(url: string): Target | null {
    const known = this.#targets.get(url);
    if (known !== undefined) return known;
    const verdict = judgeUrl(url, this.options.policy);
    const target = verdict.ok
      ? { origin: verdict.url.origin, path: verdict.url.pathname + verdict.url.search }
      : null;
    if (this.#targets.size >= MAX_TARGETS) this.#targets.clear();
    this.#targets.set(url, target);
    return target;
  }

  #start(
    target: Target,
    { headers, body, timeoutMs, captureBytes = this.options.captureBytes, identity }: OutgoingRequest,
    startedAt: number,
    resolve: (result: SendResult) => void,
  ): void {
    const exchange = new HttpExchange({
      request: { origin: target.origin, path: target.path, method: 'POST', headers, body },
      pool: this.#pool,
      ...(identity ? { identity } : {}),
      startedAt,
      timeoutMs: timeoutMs ?? this.options.timeoutMs,
      captureBytes,
      onSettled: (settled, result) => {
        clearTimeout(timer);
        this.#running.remove(settled);
        resolve(this.#explained(result));
        if (this.#running.size === 0) this.#onIdle.forEach((done) => done());
      },
    });
    this.#running.add(exchange);
    // The queue only takes deadlines of one length, in order.
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => exchange.expire(), timeoutMs);
    exchange.start();
  }
}

/** One connector for each identity: a TLS session may only be resumed by the client that made it. */
function connectors(
  options: GuardedConnectorOptions,
): (identity: ClientIdentity | undefined) => ReturnType<typeof guardedConnector> {
  const common = guardedConnector(options);
  const own = new Map<string, ReturnType<typeof guardedConnector>>();
  return (identity) => {
    if (!identity) return common;
    let connector = own.get(identity.id);
    if (!connector) {
      if (own.size >= MAX_IDENTITIES) own.clear();
      own.set(identity.id, (connector = guardedConnector({ ...options, identity })));
    }
    return connector;
  };
}

function unsent(error: SendError, startedAt: number): SendResult {
  const durationMs = Math.round(performance.now() - startedAt);
  return { status: null, headers: null, retryAfter: null, body: null, durationMs, error };
}
