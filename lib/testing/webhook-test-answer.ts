import type { ServerResponse } from 'node:http';
import type { WebhookDuration } from '../domain/duration.js';
import { timerMs } from './test-clock.js';
import { WebhooksTestSetupError } from './testing.errors.js';

/**
 * What a test receiver answers: a status; a whole response, at once or after `delay` of real time; `'hang'`: nothing
 * until the sender gives up; or `'disconnect'`: it cuts the connection. If that was a kept connection, the sender sends
 * the same attempt once more, on a new one.
 */
export type WebhookTestAnswer =
  | number
  | 'hang'
  | 'disconnect'
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      /** `Retry-After`: seconds, or a date. */
      readonly retryAfter?: number | Date;
      readonly delay?: WebhookDuration;
    };

type Response = Exclude<WebhookTestAnswer, number | string>;

/** @throws WebhooksTestSetupError if no server could give this answer */
export function checkAnswer(answer: WebhookTestAnswer): void {
  if (answer === 'hang' || answer === 'disconnect') return;
  const status = typeof answer === 'number' ? answer : answer.status;
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new WebhooksTestSetupError(
      `A receiver answers with a status from 200 to 599, 'hang' or 'disconnect', got ${JSON.stringify(answer)}.`,
    );
  }
  if (typeof answer === 'object' && answer.delay !== undefined) timerMs(answer.delay);
}

/** Writes the answer now, ignoring its `delay`. */
export function writeAnswer(answer: Exclude<WebhookTestAnswer, 'hang'>, response: ServerResponse): void {
  if (answer === 'disconnect') response.destroy();
  else if (typeof answer === 'number') response.writeHead(answer).end();
  else response.writeHead(answer.status, headersOf(answer)).end(answer.body);
}

function headersOf({ headers = {}, retryAfter }: Response): Record<string, string> {
  if (retryAfter === undefined) return { ...headers };
  const value = typeof retryAfter === 'number' ? String(retryAfter) : retryAfter.toUTCString();
  return { ...headers, 'retry-after': value };
}
