import { inOwnContext } from '../domain/own-context.js';
import { WebhooksDatabaseBusyError } from './sql/database-busy.error.js';

/** How long items wait at most for a batch that may be waiting for a lock, or for the end of a rest. */
const LONGEST_WAIT_MS = 50;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherLimits<Item> {
  /** How many items one batch may have. */
  readonly items: number;
  /** How many batches may run at once. */
  readonly parallel: number;
  /**
   * How many items must wait before a batch starts beside a running one. Default: 1. A batch costs as much as some ten
   * items.
   */
  readonly besideFrom?: number;
  /** Limits the total weight of a batch. A heavier item gets a batch of its own. */
  readonly weight?: { readonly of: (item: Item) => number; readonly max: number };
  /**
   * A batch starts at the end of the event loop's turn: for items that come from sockets, each in a callback of its
   * own. On SQLite, a batch would end before the next item came, and no two items would ever share one.
   */
  readonly oncePerTurn?: boolean;
  /**
   * After a batch that took t ms, wait `rest` × t (50 ms at most) before the next one, unless a full one is ready.
   * Default: 0. A single item is not delayed, since it comes long after the batch before.
   */
  readonly rest?: number;
}

/**
 * What a batcher does. `idle`: no batch runs. `running`: batches run, none of them for long. `stuck`: one runs for
 * long. `resting`: it lets items add up.
 */
type BatcherState = 'idle' | 'running' | 'stuck' | 'resting';

/**
 * How many items must wait for a batch to start now.
 * - `idle`, `stuck`: one. A single item waits for nobody.
 * - `running`: `besideFrom`. Other items go with the next batch.
 * - `resting`: a full batch.
 */
const neededIn = (
  state: BatcherState,
  { items, besideFrom = 1 }: Pick<BatcherLimits<unknown>, 'items' | 'besideFrom'>,
): number => ({ idle: 1, stuck: 1, running: besideFrom, resting: items })[state];

/**
 * Groups calls into few statements. An item that comes while no batch runs starts one at once. Items that come
 * meanwhile start together, when a batch ends or enough of them wait. After a batch, the batcher may rest for a
 * multiple of the time that the batch took.
 * If a batch fails, its items run one by one, so that a bad one fails alone. They don't if the database is busy.
 */
export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = 0;
  private startedAt = 0;
  private restsUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Infinity;
  private isScheduled = false;

  /** @param now in ms, like `performance.now()` */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly limits: BatcherLimits<Item>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private get state(): BatcherState {
    const now = this.now();
    if (now < this.restsUntil) return 'resting';
    if (this.running === 0) return 'idle';
    return now - this.startedAt >= LONGEST_WAIT_MS ? 'stuck' : 'running';
  }

  private get leavesNow(): boolean {
    const { length } = this.waiting;
    return length > 0 && this.running < this.limits.parallel && length >= neededIn(this.state, this.limits);
  }

  /**
   * Starts one microtask later at the earliest, so that items added by one piece of code share a batch. Not in the
   * async context of the caller that added the first item.
   */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    const later = this.limits.oncePerTurn ? setImmediate : queueMicrotask;
    inOwnContext(() => later(() => this.leave()));
  }

  private leave(): void {
    this.isScheduled = false;
    while (this.leavesNow) void this.flush(this.take());
    if (this.waiting.length > 0 && this.running < this.limits.parallel) this.lookLater();
  }

  /** When the rest ends, or when a running batch counts as stuck. */
  private lookLater(): void {
    const now = this.now();
    const at = this.restsUntil > now ? this.restsUntil : now + LONGEST_WAIT_MS;
    if (at >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = setTimeout(
      () => {
        this.timerAt = Infinity;
        this.schedule();
      },
      Math.ceil(at - now),
    );
  }

  /**
   * Takes no more than its share of the waiting items: with all items in one batch, this process and the database would
   * take turns waiting for each other.
   */
  private take(): Waiting<Item, Result>[] {
    const { items, weight, parallel, besideFrom = 1 } = this.limits;
    const share = Math.max(besideFrom, Math.ceil(this.waiting.length / (parallel - this.running)));
    let total = 0;
    let count = 0;
    while (count < Math.min(items, share, this.waiting.length)) {
      total += weight?.of(this.waiting[count]!.item) ?? 0;
      if (count > 0 && weight && total > weight.max) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async flush(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.running++;
    const startedAt = (this.startedAt = this.now());
    try {
      const results = await this.run(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!);
    } catch (error) {
      // None of them has run, and alone each would wait as long.
      if (batch.length === 1 || error instanceof WebhooksDatabaseBusyError)
        for (const { reject } of batch) reject(error);
      else for (const one of batch) await this.runAlone(one);
    } finally {
      this.running--;
      const now = this.now();
      this.restsUntil = now + Math.min((this.limits.rest ?? 0) * (now - startedAt), LONGEST_WAIT_MS);
      this.schedule();
    }
  }

  private async runAlone({ item, resolve, reject }: Waiting<Item, Result>): Promise<void> {
    try {
      const [result] = await this.run([item]);
      resolve(result!);
    } catch (error) {
      reject(error);
    }
  }
}
