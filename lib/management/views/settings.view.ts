import type { WebhooksGuideConfig } from '../../config/guide-options.js';
import type { WebhooksConfig } from '../../config/webhooks-config.js';

/** What a customer should know of how the app sends. Durations in ms. */
export interface WebhookSettingsView {
  /** The header with the hex HMAC of the body. */
  signatureHeader: string;
  /** Which secret makes the hex signature while two are live. */
  signatureRotation: 'old' | 'new';
  /** How long a rotated secret goes on signing where the rotation says nothing. */
  overlapMs: number;
  /** When the attempts after the first one happen, counted from that. */
  retryOffsetsMs: number[];
  /** Wall-clock time of one attempt. */
  timeoutMs: number;
  /** Bytes kept of a response body. */
  captureBytes: number;
  /** An endpoint that has failed every attempt for so long is disabled; `null`: never. */
  disableAfterMs: number | null;
  /** How long finished deliveries and their events are kept; `null`: for ever. */
  retentionMs: number | null;
  /** Whether a URL may be http. */
  allowHttp: boolean;
  /** Who can read the customers' guide at `guide`: everybody, whom its guards let in, or nobody, since there is none. */
  guide: 'public' | 'guarded' | 'none';
}

/** Field by field: what the config gets beside these is not for customers to see. */
export const settingsView = (
  config: WebhooksConfig,
  guide: WebhooksGuideConfig | false,
): WebhookSettingsView => ({
  signatureHeader: config.signature.header,
  signatureRotation: config.signature.rotation,
  overlapMs: config.signature.overlapMs,
  retryOffsetsMs: [...config.retry.offsetsMs],
  timeoutMs: config.delivery.timeoutMs,
  captureBytes: config.delivery.captureBytes,
  disableAfterMs: config.disableAfterMs,
  retentionMs: config.retentionMs,
  allowHttp: config.network.allowHttp,
  guide: !guide ? 'none' : guide.guards?.length === 0 ? 'public' : 'guarded',
});
