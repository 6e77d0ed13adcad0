import type { JsonWebKey } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookClock } from '../domain/clock.js';
import type { WebhookDuration } from '../domain/duration.js';
import { ArrivalLog, type WebhookWait } from './arrival-log.js';
import type { ReceivedWebhookScheme } from '../receiver/received-scheme.js';
import { timerMs } from './test-clock.js';
import { arrivalOf, readBody, type WebhookArrival } from './webhook-arrival.js';
import { checkAnswer, writeAnswer, type WebhookTestAnswer } from './webhook-test-answer.js';

export type { WebhookWait } from './arrival-log.js';

export interface WebhookTestReceiverOptions {
  /** The secret of the endpoint. Default: none yet, see `trust`. */
  readonly secret?: string;
  /** The header with the hex HMAC: the app's option `signature.header`. Default: `x-webhook-signature`. */
  readonly signatureHeader?: string;
  /**
   * How the app signs, if its option `signature.schemes` is set: every scheme must be right. Default: the two default
   * schemes.
   */
  readonly schemes?: readonly ReceivedWebhookScheme[];
  /** The public keys of the app's `signature.keys`: what `webhooks.settings.publicKeys()` returns. */
  readonly publicKeys?: readonly JsonWebKey[];
  /** The clock for the timestamps of signatures: the app's. Default: the system's. */
  readonly clock?: WebhookClock;
}

const MOST_BODY_BYTES = 1024 * 1024;

/**
 * A customer's server, for tests: a real HTTP server on 127.0.0.1. It takes every path, verifies the signatures of
 * what arrives, keeps the last 1,000 requests, and answers as the test says.
 *
 *     const receiver = await WebhookTestReceiver.start();
 *     // register receiver.url as a webhook, and:
 *     receiver.trust(secret);
 *     const paid = await receiver.next<OrderPaid>('order.paid');
 *     expect(paid).toMatchObject({ verified: true, data: { order_id: 'o1' } });
 */
export class WebhookTestReceiver {
  private readonly log = new ArrivalLog();
  private readonly secrets: string[] = [];
  private readonly delays = new Set<NodeJS.Timeout>();
  private nextAnswers: WebhookTestAnswer[] = [];
  private answer: WebhookTestAnswer = 204;

  private constructor(
    private readonly server: Server,
    private readonly options: WebhookTestReceiverOptions,
  ) {
    if (options.secret !== undefined) this.trust(options.secret);
    server.on('request', (request, response) => void this.take(request, response));
  }

  static async start(options: WebhookTestReceiverOptions = {}): Promise<WebhookTestReceiver> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return new WebhookTestReceiver(server, options);
  }

  /** Such as `http://127.0.0.1:40123`, without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The last 1,000 requests since the start or `clear()`, the oldest first. */
  get received(): readonly WebhookArrival[] {
    return this.log.arrivals;
  }

  /** From now on also verifies with these secrets: after a registration or a rotation. */
  trust(...secrets: readonly string[]): void {
    this.secrets.push(...secrets);
  }

  /** Answers every request with this from now on. Default: 204. */
  respondWith(answer: WebhookTestAnswer): void {
    checkAnswer(answer);
    this.answer = answer;
  }

  /** Answers the next requests with these, one each, and the ones after them as before. Calls add up. */
  respondNext(...answers: readonly WebhookTestAnswer[]): void {
    answers.forEach(checkAnswer);
    this.nextAnswers.push(...answers);
  }

  /**
   * Resolves with the next request that no earlier call of `next` has returned: of this event type, if one is named.
   * Waits for it for 3 s of real time, or `timeout`. The request may be unverified: check `verified`.
   * @throws WebhookNotReceivedError that says what arrived instead
   */
  next<Data = unknown>(type?: string, { timeout = '3s' }: WebhookWait = {}): Promise<WebhookArrival<Data>> {
    return this.log.next(type, timerMs(timeout)) as Promise<WebhookArrival<Data>>;
  }

  /** Forgets requests and planned answers, and answers 204 again: for `beforeEach`. Its secrets stay. */
  clear(): void {
    this.log.clear();
    this.nextAnswers = [];
    this.answer = 204;
  }

  /** Closes the server and every connection. Calls of `next` that still wait reject. */
  async stop(): Promise<void> {
    for (const delay of this.delays) clearTimeout(delay);
    this.log.stop();
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MOST_BODY_BYTES).catch(() => null);
    // The sender gave up while it was still writing.
    if (body === null) return;
    const { signatureHeader = 'x-webhook-signature', clock = Date } = this.options;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const arrival = arrivalOf(
      { path: request.url ?? '/', headers, body },
      {
        secrets: this.secrets,
        schemes: this.options.schemes ?? ['standard', { scheme: 'hmac', header: signatureHeader }],
        publicKeys: this.options.publicKeys ?? [],
        url: `${this.url}${request.url ?? '/'}`,
        now: () => clock.now(),
      },
    );
    this.respond(this.nextAnswers.shift() ?? this.answer, response);
    this.log.add(arrival);
  }

  private respond(answer: WebhookTestAnswer, response: ServerResponse): void {
    if (answer === 'hang') return;
    const delayMs = typeof answer === 'object' ? delayOf(answer) : 0;
    if (delayMs === 0) return writeAnswer(answer, response);
    const delay = setTimeout(() => {
      this.delays.delete(delay);
      writeAnswer(answer, response);
    }, delayMs);
    this.delays.add(delay);
  }
}

const delayOf = ({ delay = 0 }: { readonly delay?: WebhookDuration }): number => timerMs(delay);
