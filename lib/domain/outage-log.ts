import { thrownText } from './shown-text.js';

/** If something fails again after this time, it is logged again. */
const QUIET_MS = 10_000;

interface Log {
  error(message: string): void;
  warn(message: string): void;
}

/**
 * Logs outages of something that is tried again and again, such as a server. One line says that it fails. Another one
 * says that it works again, after how long and how many failures.
 */
export class OutageLog {
  private since: number | undefined;
  private failures = 0;
  private isTold = false;
  private toldAt = -Infinity;

  /** @param what fails, as the beginning of a sentence: `Redis takes nothing` */
  constructor(
    private readonly log: Log,
    private readonly what: string,
  ) {}

  get isOpen(): boolean {
    return this.since !== undefined;
  }

  /** @param where it failed, for the first line: ` of delivery dlv_…` */
  failed(error: unknown, where = ''): void {
    const now = performance.now();
    this.since ??= now;
    this.failures++;
    if (this.isTold || now - this.toldAt < QUIET_MS) return;
    this.isTold = true;
    this.toldAt = now;
    this.log.error(
      `${this.what}${where}: ${thrownText(error).replace(/[\s.]+$/, '')}. What fails until this is over is counted, not told.`,
    );
  }

  worked(): void {
    if (this.since === undefined) return;
    const now = performance.now();
    if (this.isTold) {
      this.toldAt = now;
      const seconds = Math.max(1, Math.round((now - this.since) / 1_000));
      this.log.warn(`${this.what}: this is over after ${seconds} s and ${this.failures} failures.`);
    }
    this.since = undefined;
    this.failures = 0;
    this.isTold = false;
  }
}
