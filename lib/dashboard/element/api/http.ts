import type { RequestHeaders } from '../public.js';
import { ApiError, errorOf } from './api-error.js';

export interface HttpOptions {
  /** Absolute or relative to the document, with or without a slash at its end. */
  readonly baseUrl: string;
  readonly headers: RequestHeaders;
  readonly credentials: RequestCredentials;
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export class Http {
  constructor(private readonly options: HttpOptions) {}

  /** @throws ApiError */
  get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
    return this.send('GET', path + search(query), undefined, signal);
  }

  /** @throws ApiError */
  async send<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    const { baseUrl, headers, credentials } = this.options;
    const response = await fetch(baseUrl.replace(/\/+$/, '') + path, {
      method,
      credentials,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(typeof headers === 'function' ? await headers() : headers),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    }).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new ApiError('The server can’t be reached. Check your connection.', 0, 'unreachable');
    });
    if (!response.ok) throw await errorOf(response);
    if (response.status === 204) return undefined as Answer;
    return (await response.json().catch(() => {
      throw new ApiError('The answer is not JSON. Is api-url right?', response.status, 'not-json');
    })) as Answer;
  }
}

function search(query: Query): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
