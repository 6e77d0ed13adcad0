import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request as it arrived, before it was answered. */
export interface Recorded {
  readonly path: string;
  readonly id: string;
  readonly attempt: number;
  readonly timestamp: string;
  readonly hex: string;
  readonly standard: string;
  readonly body: string;
  readonly hash: string;
  readonly at: number;
  /** What it was answered; `null`: nothing. */
  answered: number | null;
}

/** Answers, or doesn't: then the request hangs. */
export type Behaviour = (request: Recorded, answer: (status: number) => void) => void;

/** A customer: an HTTP server that records every request. */
export class RecordingReceiver {
  readonly requests: Recorded[] = [];
  behaviour: Behaviour = (_, answer) => answer(200);
  private watchers: (() => void)[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<RecordingReceiver> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    const receiver = new RecordingReceiver(server);
    server.on(
      'request',
      (request, response) => void receiver.handle(request, response).catch(() => undefined),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resolves when `count` requests have come since the start, and rejects when they don't within a minute. */
  async received(count: number, wanted: (request: Recorded) => boolean = () => true): Promise<Recorded[]> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const found = this.requests.filter(wanted);
      if (found.length >= count) return found;
      if (Date.now() >= deadline)
        throw new Error(`${found.length} of ${count} requests came within a minute.`);
      await this.nextRequest(deadline);
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private nextRequest(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadline - Date.now());
      this.watchers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const header = (name: string): string => String(request.headers[name] ?? '');
    const recorded: Recorded = {
      path: request.url ?? '',
      id: header('webhook-id'),
      attempt: Number(header('x-webhook-attempt')),
      timestamp: header('webhook-timestamp'),
      hex: header('x-webhook-signature'),
      standard: header('webhook-signature'),
      body,
      hash: createHash('sha256').update(body).digest('hex'),
      at: Date.now(),
      answered: null,
    };
    this.requests.push(recorded);
    this.behaviour(recorded, (status) => {
      if (response.destroyed) return;
      recorded.answered = status;
      response.writeHead(status).end();
    });
    for (const watcher of this.watchers.splice(0)) watcher();
  }
}

/** Leaves the first `count` requests without an answer, until `answerAll`. */
export function holding(count = Infinity): Behaviour & { answerAll(status?: number): void } {
  const held: ((status: number) => void)[] = [];
  let left = count;
  const behaviour: Behaviour = (_, answer) => {
    if (left-- > 0) held.push(answer);
    else answer(200);
  };
  const answerAll = (status = 200): void => {
    left = 0;
    for (const answer of held.splice(0)) answer(status);
  };
  return Object.assign(behaviour, { answerAll });
}
