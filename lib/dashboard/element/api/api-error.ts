import { duration } from '../parts/time.js';
import type { WebhookFieldProblem } from './api-types.js';

/** A route answered with an error, or could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly details: readonly WebhookFieldProblem[] = [],
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** What a guard or a proxy says is meant for programs: the reader gets our own words, by code and by status. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = ((await response.json().catch(() => null)) ?? {}) as Partial<ApiError>;
  const code = typeof body.code === 'string' ? body.code : '';
  const details = Array.isArray(body.details) ? body.details : [];
  const message = TOLD.has(code) && typeof body.message === 'string' ? body.message : undefined;
  return new ApiError(message ?? WORDS[code] ?? wordsOf(response), response.status, code, details);
}

/** Only the routes give these, and their messages have numbers and names in them. */
const TOLD: ReadonlySet<string> = new Set([
  'webhooks/invalid-input',
  'webhooks/endpoint-quota',
  'webhooks/too-many-secrets',
]);

const WORDS: Readonly<Record<string, string>> = {
  'webhooks/tenant-missing': 'Your account isn’t known here.',
  'webhooks/not-found': 'Not found. It may have been deleted.',
  'webhooks/endpoint-inactive': 'The webhook is paused. Turn it on first.',
  'webhooks/delivery-in-flight': 'It is being sent right now. Wait for its outcome.',
  'webhooks/secret-changing': 'The secret is being changed elsewhere. Try again in a moment.',
  'webhooks/secret-unavailable': 'The secret can’t be read right now. Nothing was sent or changed.',
  'webhooks/database-busy': 'The server is busy. Try again in a moment.',
};

/** Of what one of many ended with. */
export const wordsOfCode = (code: string): string =>
  WORDS[code] ?? 'Too many requests. Try again in a minute.';

function wordsOf({ status, headers }: Response): string {
  if (status === 401) return SIGNED_OUT;
  if (status === 403) return 'You don’t have permission to do this.';
  if (status === 404) return 'Not found. It may have been deleted.';
  if (status === 413) return 'This is too large for the server.';
  if (status === 429) {
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    return `Too many requests. Try again in ${seconds > 0 ? duration(seconds * 1_000) : 'a moment'}.`;
  }
  return status >= 500
    ? 'The server failed. Try again in a moment.'
    : `The server refused this (status ${status}).`;
}

export const SIGNED_OUT = 'You are signed out. Sign in again, then reload this page.';
