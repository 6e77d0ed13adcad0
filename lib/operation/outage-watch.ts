/** Looks in a row that must fail: a connection that breaks once is no outage. */
const FAILED_LOOKS = 2;

/** When something that is looked at again and again is away, and when it is back. Times in epoch ms. */
export class OutageWatch {
  private since = 0;
  private failures = 0;
  private reason = '';

  /** @param problem a sentence; `undefined` where it answers */
  saw(problem: string | undefined, now: number): void {
    if (problem === undefined) {
      this.failures = 0;
      return;
    }
    if (this.failures === 0) this.since = now;
    this.failures++;
    this.reason = problem;
  }

  /** Since when it is away, and why; `undefined` where it is not. */
  get away(): { readonly since: number; readonly reason: string } | undefined {
    return this.failures >= FAILED_LOOKS ? { since: this.since, reason: this.reason } : undefined;
  }
}
