import type { OutageLog } from './outage-log.js';
import { inOwnContext } from './own-context.js';

/** Work that is done again and again until it is stopped: one round after the other. A round that fails is told of, and the next one comes all the same. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private round: Promise<void> = Promise.resolve();

  /** @param intervalMs from the end of a round to the next */
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

  /** Waits for the round that is under way. */
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
