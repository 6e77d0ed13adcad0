/**
 * How workers learn that something is due. It carries nothing else: what is due stands in the rows, and a wake-up that is lost
 * costs a poll interval.
 */
export interface WebhookQueue {
  /** Wakes a worker, of this process or of another. Never throws and never waits for a broker; many calls may become one. */
  wake(): void;
  /**
   * Has `work` called whenever a worker is woken. Called once, on workers only.
   * @param work gives true where more is due than this worker can take: another one is woken then
   */
  onWake(work: () => Promise<boolean>): void;
  /** What keeps it from waking workers now, as a sentence; `undefined` where nothing does. Never rejects. */
  problem(): Promise<string | undefined>;
  /** Calls `work` no more. */
  close(): Promise<void>;
}
