import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The response: a status, a whole response, or a handler that sends it. */
export type Answer =
  | number
  | { status: number; headers?: Record<string, string>; body?: string }
  | ((arrival: Arrival, response: ServerResponse) => void);

/** A real HTTP server that records requests and responds as told. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  /** Responses for the next requests, one each. After that, `answer` applies again. */
  readonly nextAnswers: Answer[] = [];
  answer: Answer = 200;
  private waiting: { count: number; path: string | undefined; resolve: () => void }[] = [];

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => void receiver.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver: Receiver = new Receiver(
      server,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    );
    return receiver;
  }

  /** Resolves to the requests when `count` have arrived since the start (on `path`, if given). */
  async received(count: number, path?: string): Promise<Arrival[]> {
    if (this.on(path).length < count) {
      await new Promise<void>((resolve) => this.waiting.push({ count, path, resolve }));
    }
    return this.on(path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private on(path: string | undefined): Arrival[] {
    return path === undefined ? this.arrivals : this.arrivals.filter((arrival) => arrival.path === path);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const arrival = {
      path: request.url ?? '/',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.arrivals.push(arrival);
    this.respond(this.nextAnswers.shift() ?? this.answer, arrival, response);
    this.waiting = this.waiting.filter(({ count, path, resolve }) => {
      const enough = this.on(path).length >= count;
      if (enough) resolve();
      return !enough;
    });
  }

  private respond(answer: Answer, arrival: Arrival, response: ServerResponse): void {
    if (typeof answer === 'function') answer(arrival, response);
    else if (typeof answer === 'number') response.writeHead(answer).end();
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}
