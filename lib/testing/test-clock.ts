import type { Duration } from '../domain/duration.js';
import { parseDuration } from '../domain/duration.js';
import type { WebhookClock } from '../domain/clock.js';

/** A clock that stands still until it is moved. Give it to the module in place of the system's. */
export class TestClock implements WebhookClock {
  constructor(private ms: number = Date.parse('2026-01-01T00:00:00Z')) {}

  now(): number {
    return this.ms;
  }

  advance(by: Duration): void {
    const ms = parseDuration(by);
    if (ms === undefined) throw new RangeError(`${by} is not a duration.`);
    this.ms += ms;
  }
}
