import { isPromise } from 'node:util/types';

/**
 * Gives up on the promise of an app's function whose result is needed at once: its rejection is handled, which would end
 * the process otherwise. Returns whether it is a promise.
 */
export function dropPromise(given: unknown): given is Promise<unknown> {
  if (!isPromise(given)) return false;
  given.catch(() => undefined);
  return true;
}
