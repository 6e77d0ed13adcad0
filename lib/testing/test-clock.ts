import type { WebhookDuration } from '../domain/duration.js';
import { MAX_TIMER_MS, parseDuration } from '../domain/duration.js';
import type { WebhookClock } from '../domain/clock.js';
import { WebhooksTestSetupError } from './testing.errors.js';

/** A clock that stands still until it is moved. */
export class WebhookTestClock implements WebhookClock {
  /** @param ms where it stands at first, epoch ms. Default: the start of 2026 */
  constructor(private ms: number = Date.parse('2026-01-01T00:00:00Z')) {}

  /** Epoch ms. */
  now(): number {
    return this.ms;
  }

  /**
   * Moves it on.
   * @param by ms, or a text such as `'5m'`
   */
  advance(by: WebhookDuration): void {
    this.ms += durationMs(by);
  }
}

/** @throws WebhooksTestSetupError */
export function durationMs(value: WebhookDuration): number {
  const ms = parseDuration(value);
  if (ms !== undefined) return ms;
  throw new WebhooksTestSetupError(
    `${JSON.stringify(value)} is not a duration. Write '90s', '5m', '2h', or a number of milliseconds.`,
  );
}

/** For a timer. @throws WebhooksTestSetupError */
export function timerMs(value: WebhookDuration): number {
  const ms = durationMs(value);
  if (ms <= MAX_TIMER_MS) return ms;
  throw new WebhooksTestSetupError(
    `${JSON.stringify(value)} is too long: a timer of Node that is set for more than 24.8 days fires at once.`,
  );
}
