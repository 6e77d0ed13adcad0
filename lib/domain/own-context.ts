import { AsyncResource } from 'node:async_hooks';

/** Made when the package is loaded: outside every request, transaction and span of the app. */
const ownContext = new AsyncResource('nestjs-webhooks');

/**
 * Runs our own work outside the async context of its caller. Work for several callers must not see the
 * `AsyncLocalStorage` of one of them, and a timer that a caller's emit started must not keep it alive.
 */
export function inOwnContext<Result>(work: () => Result): Result {
  return ownContext.runInAsyncScope(work);
}
