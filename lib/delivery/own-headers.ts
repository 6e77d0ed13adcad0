import { subscribe, unsubscribe, channel } from 'node:diagnostics_channel';
import type { Dispatcher } from 'undici';

/**
 * On this channel of undici, tracing libraries add `traceparent`, `baggage` and the like to every request of a process.
 */
const CREATED = 'undici:request:create';
const created = channel(CREATED);

/** What undici documents about the request that it publishes. */
interface PublishedRequest {
  readonly origin: string;
  readonly path: string;
  /** Names and values alternate. */
  headers: string[];
  host: string | null;
  addHeader: (name: string, value: string) => unknown;
}

/**
 * Runs `dispatch`, which makes the request of `options`, so that only the headers of `options` are sent. The log shows
 * exactly those, and the app's tracing is no business of customers.
 */
export function withOwnHeaders<Result>(options: Dispatcher.DispatchOptions, dispatch: () => Result): Result {
  if (!created.hasSubscribers) return dispatch();
  // Subscribed last, so that it runs after those that add headers.
  const strip = (message: unknown): void => {
    const { request } = message as { request: PublishedRequest };
    if (request.origin === options.origin && request.path === options.path) keepOwn(request, options.headers);
  };
  subscribe(CREATED, strip);
  try {
    return dispatch();
  } finally {
    unsubscribe(CREATED, strip);
  }
}

/** Added headers come after our own. */
function keepOwn(request: PublishedRequest, headers: Dispatcher.DispatchOptions['headers']): void {
  const own = new Set(Object.keys(headers ?? {}).map((name) => name.toLowerCase()));
  const kept: string[] = [];
  for (let at = 0; at < request.headers.length; at += 2) {
    const name = request.headers[at]!;
    if (own.delete(name.toLowerCase())) kept.push(name, request.headers[at + 1]!);
  }
  request.headers = kept;
  // undici keeps this one apart, and makes it from the origin.
  request.host = null;
  request.addHeader = () => request;
}
