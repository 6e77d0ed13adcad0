/** How many deliveries a recovery has started again, and how many it has made. */
export interface WebhookRecoveryView {
  resent: number;
  created: number;
}

export interface WebhookRecoveryPreviewView {
  /** Failed and canceled deliveries: what a recovery would start again. */
  toResend: number;
  failed: number;
  canceled: number;
  /** Matching events with no delivery to the endpoint: what a recovery would make one for. */
  toCreate: number;
  /** Deliveries that have not been attempted yet, or not since they were recovered. */
  waiting: number;
  /** Deliveries that were attempted without success since they were made or recovered, and will be again. */
  retrying: number;
  /**
   * Whether the counts of what would be sent are exact. Where the webhook has a filter and the range more than 5,000 of either, it was tried
   * on the first of them, and counts the others: at most so many would be sent.
   */
  exact: boolean;
}
