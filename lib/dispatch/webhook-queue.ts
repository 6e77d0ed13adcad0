/** Tells workers that something is due, and nothing else: the rows say what. A lost wake-up costs a poll interval. */
export interface WebhookQueue {
  /**
   * Wakes a worker of this or another process. Never throws, and never waits for a broker. Several calls may become one
   * wake-up.
   */
  wake(): void;
  /**
   * Calls `work` whenever a worker is woken. Called once, on workers only.
   * @param work resolves with true if more is due than this worker can take: then another one is woken
   */
  onWake(work: () => Promise<boolean>): void;
  /** Says in a sentence why it can't wake workers now; `undefined` if it can. Never rejects. */
  problem(): Promise<string | undefined>;
  /** Closes the connections, and stops calling `work`. */
  close(): Promise<void>;
}
