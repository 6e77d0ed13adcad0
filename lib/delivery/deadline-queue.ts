/** Something that must end by `dueAt`, in the milliseconds of `performance.now()`. */
export interface Expiring {
  readonly dueAt: number;
  expire(): void;
}

/**
 * Deadlines that are added in the order in which they are due, as deadlines of one length are. One timer serves them
 * all: a timer and an `AbortSignal` per request would cost more than all its other bookkeeping.
 */
export class DeadlineQueue<T extends Expiring> {
  // A Set keeps the order of insertion and removes any entry in constant time.
  readonly #entries = new Set<T>();
  #timer: NodeJS.Timeout | undefined;

  get size(): number {
    return this.#entries.size;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#entries.values();
  }

  add(entry: T): void {
    this.#entries.add(entry);
    if (!this.#timer) this.#arm(entry);
  }

  /** The timer stays armed: the next deadline is later. */
  remove(entry: T): void {
    this.#entries.delete(entry);
  }

  /** Stops the timer when nothing more is added. It would fire once for nothing. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(head: T): void {
    const waitMs = Math.max(1, Math.ceil(head.dueAt - performance.now()));
    // The sockets in use keep the process alive. A spare timer must not.
    this.#timer = setTimeout(() => this.#expireDue(), waitMs).unref();
  }

  #expireDue(): void {
    this.#timer = undefined;
    for (const entry of this.#entries) {
      if (entry.dueAt > performance.now()) {
        this.#arm(entry);
        return;
      }
      this.#entries.delete(entry);
      entry.expire();
    }
  }
}
