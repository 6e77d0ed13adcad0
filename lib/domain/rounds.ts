import type { OutageLog } from './outage-log.js';
import { inOwnContext } from './own-context.js';

/**
 * Repeats work, one round after the other, until it is stopped. A round that fails is logged, and the next one follows.
 */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private round: Promise<void> = Promise.resolve();

  /** @param intervalMs from the end of a round to the start of the next */
  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly intervalMs: number,
    private readonly outage: OutageLog,
  ) {}

  get isStopped(): boolean {
    return this.stopped;
  }

  start(firstAfterMs: number): void {
    if (this.stopped) return;
    const run = (): void => void (this.round = this.run());
    this.timer = inOwnContext(() => setTimeout(run, firstAfterMs)).unref();
  }

  /** Resolves when the running round has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private async run(): Promise<void> {
    await this.work().then(
      () => this.outage.worked(),
      (error: unknown) => this.outage.failed(error),
    );
    this.start(this.intervalMs);
  }
}
