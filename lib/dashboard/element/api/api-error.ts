import type { WebhookFieldProblem } from './api-types.js';

/** A route responded with an error, or could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(
    /** The route's message, in English; readers see a text chosen by code and status. */
    message: string,
    readonly status: number,
    readonly code: string,
    readonly details: readonly WebhookFieldProblem[] = [],
    /** Seconds until the next try makes sense; 0 if unknown. */
    readonly retryAfter = 0,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export async function errorOf(response: Response): Promise<ApiError> {
  const body = ((await response.json().catch(() => null)) ?? {}) as Partial<ApiError>;
  const code = typeof body.code === 'string' ? body.code : '';
  const message = typeof body.message === 'string' ? body.message : '';
  const details = Array.isArray(body.details) ? body.details : [];
  const retryAfter = Number(response.headers.get('retry-after') ?? 0) || 0;
  return new ApiError(message, response.status, code, details, retryAfter);
}
