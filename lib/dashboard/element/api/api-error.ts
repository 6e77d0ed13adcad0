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

/** Reads the error of the routes, and whatever a proxy or a guard of the app answers in its place. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Partial<ApiError>;
  const message =
    typeof body.message === 'string' && body.message !== '' ? body.message : describe(response.status);
  return new ApiError(message, response.status, String(body.code ?? ''), body.details ?? []);
}

function describe(status: number): string {
  if (status === 401) return 'You are signed out.';
  if (status === 403) return 'You may not do this.';
  if (status === 404) return 'This is not here any more.';
  if (status === 429) return 'Too many requests. Wait a moment, then try again.';
  return status >= 500 ? 'The server failed. Try again in a moment.' : `The server answered ${status}.`;
}
