import { WebhooksError } from '../domain/webhooks.error.js';

/**
 * The other sender's answer is not what it documents. The error shows nothing of the answer, which may contain secrets.
 */
export class WebhooksSourceError extends WebhooksError {
  readonly code = 'webhooks/source-unreadable';

  constructor(
    readonly path: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`GET ${path} ${problem}`, options);
  }
}

export interface SourceOptions {
  /** Where the API is: `https://api.eu.svix.com`. */
  readonly url: string;
  readonly token: string;
}

const TIMEOUT_MS = 30_000;
const MOST_TRIES = 5;
const TOO_MANY_REQUESTS = 429;

/**
 * GET, with its answer as JSON. If there were too many requests, waits as the sender says. @throws WebhooksSourceError
 */
export async function readJson({ url, token }: SourceOptions, path: string): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(url.replace(/\/$/, '') + path, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new WebhooksSourceError(path, 'was not answered.', { cause });
    });
    if (response.status === TOO_MANY_REQUESTS && tries < MOST_TRIES) {
      const seconds = Number(response.headers.get('retry-after') ?? tries);
      await new Promise((resolve) => setTimeout(resolve, Math.min(seconds || 0, 60) * 1_000));
      continue;
    }
    if (!response.ok) throw new WebhooksSourceError(path, `was answered with ${response.status}.`);
    return response.json().catch((cause: unknown) => {
      throw new WebhooksSourceError(path, 'was not answered with JSON.', { cause });
    });
  }
}

/** A field of an answer. @throws WebhooksSourceError where it is not there */
export function listIn<Item>(answer: unknown, field: string | undefined, path: string): readonly Item[] {
  const list: unknown = field === undefined ? answer : Object(answer)[field];
  if (Array.isArray(list)) return list as Item[];
  throw new WebhooksSourceError(path, `has no list${field === undefined ? '' : ` ${field}`} in its answer.`);
}
