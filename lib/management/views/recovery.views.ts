import type { WebhookRecovery, WebhookRecoveryPreview } from '../deliveries.service.js';

/** How many deliveries a recovery has started again, and how many it has made. */
export interface WebhookRecoveryView {
  resent: number;
  created: number;
}

export const recoveryView = ({ resent, created }: WebhookRecovery): WebhookRecoveryView => ({
  resent,
  created,
});

export interface WebhookRecoveryPreviewView {
  /** Failed and canceled deliveries: what a recovery would start again. */
  toResend: number;
  /** Matching events with no delivery to the endpoint: what a recovery would make one for. */
  toCreate: number;
  /** Deliveries that have not been attempted yet, or not since they were recovered. */
  waiting: number;
}

export const recoveryPreviewView = (preview: WebhookRecoveryPreview): WebhookRecoveryPreviewView => ({
  toResend: preview.toResend,
  toCreate: preview.toCreate,
  waiting: preview.waiting,
});
