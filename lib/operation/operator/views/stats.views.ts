/** The worst of one stretch of time. */
export interface OperatorLagPointView {
  /** Its start. */
  at: string;
  due: number;
  /** Whether counting stopped there. */
  isMore: boolean;
  /** How long the oldest had been due; `null` where nothing was. */
  oldestAgeMs: number | null;
}

export interface OperatorLagView {
  since: string;
  until: string;
  bucketMs: number;
  /** The oldest first; what no worker wrote down is not there. */
  data: OperatorLagPointView[];
}

/** Deliveries of one tenant by status. */
export interface OperatorTenantVolumeView {
  tenant: string;
  deliveries: number;
  pending: number;
  succeeded: number;
  failed: number;
  canceled: number;
}

export interface OperatorVolumesView {
  /** From when on deliveries were counted: later than asked for where there were more than 50,000. */
  since: string;
  until: string;
  /** Whether all of the period was counted. */
  isWhole: boolean;
  /** The largest first, at most 20. */
  data: OperatorTenantVolumeView[];
}
