import type { RequestHeaders } from '../public.js';
import { isAbort } from '../state/is-abort.js';
import { ApiError, errorOf } from './api-error.js';

export interface HttpOptions {
  /** Absolute or relative to the document, with or without a trailing slash. */
  readonly baseUrl: string;
  readonly headers: RequestHeaders;
  readonly credentials: RequestCredentials;
  /** The language of the responses. */
  readonly locale: () => string;
  /** Loads the texts that explain a refused request. */
  readonly refused?: () => Promise<unknown>;
  /** Called when nobody is signed in. */
  readonly unauthorized: () => void;
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The keys that a response must have, with their types. A response of a proxy or the app itself lacks them. */
export type Shape = readonly [property: string, type: 'string' | 'number' | 'array'];

/** Statuses with which a route refuses a request for a reason of its own. */
const REFUSED: ReadonlySet<number> = new Set([400, 409]);

export class Http {
  /** Set until the next response other than 401. */
  private isSignedOut = false;

  constructor(private readonly options: HttpOptions) {}

  /** @throws ApiError */
  get<Answer>(shape: Shape, path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
    return this.send(shape, 'GET', path + search(query), undefined, signal);
  }

  /** @param shape `null` if there is no response body @throws ApiError */
  async send<Answer>(
    shape: Shape | null,
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await this.fetch(method, path, body, signal);
    if (response.status === 401) throw this.signedOut(await errorOf(response));
    if (!response.ok) {
      const error = await errorOf(response);
      if (REFUSED.has(response.status)) await this.options.refused?.();
      throw error;
    }
    const answer: unknown = shape && (await response.json().catch(() => undefined));
    signal?.throwIfAborted();
    // The app redirected the request to its sign-in page, which responded with 200.
    if (answer === undefined && response.redirected) {
      throw this.signedOut(new ApiError('', 401, 'redirected'));
    }
    if (shape && !has(answer, shape)) throw new ApiError('', response.status, 'foreign');
    this.isSignedOut = false;
    return answer as Answer;
  }

  private async fetch(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const { baseUrl, credentials, locale } = this.options;
    const headers = {
      accept: 'application/json',
      'accept-language': locale(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(await this.givenHeaders()),
    };
    const text = body === undefined ? null : JSON.stringify(body);
    const init = { method, credentials, headers, body: text, signal: signal ?? null };
    try {
      return await fetch(baseUrl.replace(/\/+$/, '') + path, init);
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new ApiError('', 0, 'unreachable');
    }
  }

  private async givenHeaders(): Promise<Readonly<Record<string, string>>> {
    const { headers } = this.options;
    if (typeof headers !== 'function') return headers;
    try {
      return await headers();
    } catch (error) {
      console.error(error);
      throw new ApiError('', 0, 'request-headers');
    }
  }

  /** Reports it only once until a request succeeds, because the views keep polling. */
  private signedOut(error: ApiError): ApiError {
    if (!this.isSignedOut) this.options.unauthorized();
    this.isSignedOut = true;
    return error;
  }
}

function has(answer: unknown, [property, type]: Shape): boolean {
  const value = (answer as Record<string, unknown> | null | undefined)?.[property];
  return type === 'array' ? Array.isArray(value) : typeof value === type;
}

function search(query: Query): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
