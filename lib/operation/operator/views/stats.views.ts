/** The worst values within one period. */
export interface OperatorLagPointView {
  /** The start of the period. */
  at: string;
  due: number;
  /** Whether counting stopped there. */
  isMore: boolean;
  /** How long the oldest had been due; `null` if nothing was due. */
  oldestAgeMs: number | null;
}

export interface OperatorLagView {
  since: string;
  until: string;
  bucketMs: number;
  /** The oldest first. Minutes that no worker stored are missing. */
  data: OperatorLagPointView[];
}

/** Number of deliveries of one tenant, by status. */
export interface OperatorTenantVolumeView {
  tenant: string;
  deliveries: number;
  pending: number;
  succeeded: number;
  failed: number;
  canceled: number;
}

export interface OperatorVolumesView {
  /** Where counting began: later than requested if there were more than 50,000. */
  since: string;
  until: string;
  /** Whether the whole period was counted. */
  isWhole: boolean;
  /** The largest first, at most 20. */
  data: OperatorTenantVolumeView[];
}
