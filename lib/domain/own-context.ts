import { AsyncResource } from 'node:async_hooks';

/** Made when the package is loaded: outside of every request, transaction and span of the app. */
const ownContext = new AsyncResource('nestjs-webhooks');

/**
 * Runs our own work outside of the async context of whoever caused it. What serves several callers must not see one
 * caller's `AsyncLocalStorage`, and a timer that a caller's emit started must not keep it.
 */
export function inOwnContext<Result>(work: () => Result): Result {
  return ownContext.runInAsyncScope(work);
}
