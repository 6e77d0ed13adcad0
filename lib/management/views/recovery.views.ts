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
   * Whether `toResend` and `toCreate` are exact. The webhook's filter is tried on the first 5,000 deliveries and
   * events of the range. Further ones are counted as if it matched them, so these counts are upper bounds.
   */
  exact: boolean;
}
