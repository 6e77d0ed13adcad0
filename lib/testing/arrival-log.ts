import type { WebhookDuration } from '../domain/duration.js';
import { WebhookNotReceivedError } from './testing.errors.js';
import type { WebhookArrival } from './webhook-arrival.js';

export interface WebhookWait {
  /** Real time. Default: `3s`, shorter than the time that Jest and Vitest give a test. */
  readonly timeout?: WebhookDuration;
}

const MOST_KEPT = 1_000;
const MOST_TOLD = 20;

interface Waiting {
  readonly wants: (arrival: WebhookArrival) => boolean;
  readonly resolve: (arrival: WebhookArrival) => void;
  readonly reject: (error: Error) => void;
}

/** What arrived, and who waits for what. */
export class ArrivalLog {
  arrivals: WebhookArrival[] = [];
  private readonly taken = new WeakSet<WebhookArrival>();
  private waiting: Waiting[] = [];

  add(arrival: WebhookArrival): void {
    this.arrivals.push(arrival);
    if (this.arrivals.length > MOST_KEPT) this.arrivals.shift();
    const waiting = this.waiting.find(({ wants }) => wants(arrival));
    if (!waiting) return;
    this.taken.add(arrival);
    waiting.resolve(arrival);
  }

  next(type: string | undefined, timeoutMs: number): Promise<WebhookArrival> {
    const wants = (arrival: WebhookArrival): boolean => type === undefined || arrival.type === type;
    const here = this.arrivals.find((arrival) => !this.taken.has(arrival) && wants(arrival));
    if (here) {
      this.taken.add(here);
      return Promise.resolve(here);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.reject(this.notReceived(type, timeoutMs)), timeoutMs);
      const settle = (use: () => void): void => {
        clearTimeout(timer);
        this.waiting = this.waiting.filter((one) => one !== waiting);
        use();
      };
      const waiting: Waiting = {
        wants,
        resolve: (arrival) => settle(() => resolve(arrival)),
        reject: (error) => settle(() => reject(error)),
      };
      this.waiting.push(waiting);
    });
  }

  clear(): void {
    this.arrivals = [];
  }

  stop(): void {
    for (const { reject } of this.waiting.splice(0))
      reject(new WebhookNotReceivedError('The receiver was stopped.'));
  }

  private notReceived(type: string | undefined, timeoutMs: number): WebhookNotReceivedError {
    const told = this.arrivals.slice(-MOST_TOLD).map(({ type, attempt, problem }) => {
      return `${type || 'no event'} (attempt ${attempt}${problem ? `, ${problem}` : ''})`;
    });
    const instead =
      told.length === 0 ? 'Nothing arrived at all.' : `What arrived before: ${told.join(', ')}.`;
    return new WebhookNotReceivedError(
      `No ${type ? `'${type}'` : 'further webhook'} arrived within ${timeoutMs} ms. ${instead}`,
    );
  }
}
