import { StreamableFile, type HttpServer } from '@nestjs/common';

/** An answer down to its bytes. */
export class RouteAnswer {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    readonly body?: string | Buffer,
  ) {}

  /** `undefined` gives an answer without a body. */
  static json(status: number, value: unknown): RouteAnswer {
    if (value === undefined) return new RouteAnswer(status, NO_STORE);
    const headers = { ...NO_STORE, 'content-type': 'application/json; charset=utf-8' };
    return new RouteAnswer(status, headers, JSON.stringify(value));
  }
}

/** The part of Node's response that both adapters have. */
interface RawResponse {
  readonly writableFinished: boolean;
  readonly destroyed: boolean;
  once(event: 'finish' | 'close', listener: () => void): unknown;
}

/**
 * Nothing between us and the caller may keep it: it belongs to one tenant, and the next request may find it changed.
 */
const NO_STORE = { 'cache-control': 'no-store' };

/**
 * Sends an answer, and resolves once the response has ended. The body is a stream: so neither an app's replacement for
 * Express's `res.json` and `res.send`, nor a serializer of Fastify's, sees it.
 */
export async function sendAnswer(adapter: HttpServer, response: object, answer: RouteAnswer): Promise<void> {
  const over = ended(rawOf(response));
  for (const [name, value] of Object.entries(answer.headers)) {
    adapter.setHeader?.(response, name, name === 'vary' ? varying(response, value) : value);
  }
  const body = answer.body === undefined ? undefined : streamOf(Buffer.from(answer.body));
  adapter.reply(response, body, answer.status);
  await over;
}

const WRITING = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader', 'writeHead', 'write', 'end'];

/**
 * Makes further writing do nothing. Interceptors that run after the answer set headers as usual; Node would throw at
 * each, and the app's log would fill with errors of successful requests.
 */
export function sealResponse(response: object): void {
  const raw = rawOf(response);
  answered.add(raw);
  for (const method of WRITING) Object.defineProperty(raw, method, { value: () => raw, configurable: true });
}

/** True once the answer is sent and sealed. */
export const isAnswered = (response: object): boolean => answered.has(rawOf(response));

const answered = new WeakSet<object>();

const rawOf = (response: object): RawResponse =>
  ((response as { raw?: RawResponse }).raw ?? response) as RawResponse;

const streamOf = (body: Buffer): StreamableFile => new StreamableFile(body, { length: body.length });

/** Beside what the app has put there, such as CORS its `origin`. */
function varying(response: object, value: string): string {
  const before = (response as { getHeader(name: string): unknown }).getHeader('vary');
  return [before ?? [], value].flat().join(', ');
}

/** Also when the caller has gone. */
const ended = (raw: RawResponse): Promise<void> =>
  new Promise((resolve) => {
    if (raw.writableFinished || raw.destroyed) return resolve();
    raw.once('finish', resolve);
    raw.once('close', resolve);
  });
