/** Consecutive checks that must fail: a single broken connection is no outage. */
const FAILED_LOOKS = 2;

/** Detects from repeated checks when something becomes unreachable, and when it is back. Times in epoch ms. */
export class OutageWatch {
  private since = 0;
  private failures = 0;
  private reason = '';

  /** @param problem a sentence; `undefined` if it responds */
  saw(problem: string | undefined, now: number): void {
    if (problem === undefined) {
      this.failures = 0;
      return;
    }
    if (this.failures === 0) this.since = now;
    this.failures++;
    this.reason = problem;
  }

  /** Since when it is unreachable, and why; `undefined` if it responds. */
  get away(): { readonly since: number; readonly reason: string } | undefined {
    return this.failures >= FAILED_LOOKS ? { since: this.since, reason: this.reason } : undefined;
  }
}
