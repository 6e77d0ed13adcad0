import type { WebhooksGuideConfig } from '../../config/guide-options.js';
import { isoOrNull } from '../../domain/iso.js';
import type { WebhooksConfig } from '../../config/webhooks-config.js';
import type { SignatureHeader } from '../../domain/signing/signature-scheme.js';

/** What a customer should know of how the app sends. Durations in ms. */
export interface WebhookSettingsView {
  /** The header with the hex HMAC of the body; `null` where the app does not sign so. */
  signatureHeader: string | null;
  /** All headers that a request is signed with. `description` is Markdown; `secrets` says whether it holds one signature, one of every live secret, or none of them. */
  signatureHeaders: { name: string; description: string; secrets: 'one' | 'every' | 'none' }[];
  /** Which secret makes a signature that there can be only one of, while two are live. */
  signatureRotation: 'old' | 'new';
  /** Whether a secret may be given, when a webhook is created or its secret is rotated. */
  ownSecrets: boolean;
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
  /** What events can look like: see `representation` of an endpoint. */
  representations: { name: string; description: string }[];
  /** The versions of events, the oldest first: see `version` of an endpoint. */
  versions: { version: string; description: string; retiresAt: string | null }[];
  /** Who can read the customers' guide at `guide`: everybody, whom its guards let in, or nobody, since there is none. */
  guide: 'public' | 'guarded' | 'none';
}

type HeaderView = WebhookSettingsView['signatureHeaders'][number];

const headerView = ({
  name,
  description,
  secrets = 'none',
}: Omit<SignatureHeader, 'secrets'> & { readonly secrets?: HeaderView['secrets'] }): HeaderView => ({
  name,
  description,
  secrets,
});

/** Field by field: what the config gets beside these is not for customers to see. */
export const settingsView = (
  config: WebhooksConfig,
  guide: WebhooksGuideConfig | false,
  representations: WebhookSettingsView['representations'],
): WebhookSettingsView => ({
  signatureHeader: config.signature.hexHeader,
  signatureHeaders: config.signature.schemes.flatMap(({ headers }) => headers.map(headerView)),
  signatureRotation: config.signature.rotation,
  ownSecrets: config.signature.ownSecrets,
  overlapMs: config.signature.overlapMs,
  retryOffsetsMs: [...config.retry.offsetsMs],
  timeoutMs: config.delivery.timeoutMs,
  captureBytes: config.delivery.captureBytes,
  disableAfterMs: config.disableAfterMs,
  retentionMs: config.retentionMs,
  allowHttp: config.network.allowHttp,
  representations,
  versions: config.versions.map(({ retiresAt, ...one }) => ({ ...one, retiresAt: isoOrNull(retiresAt) })),
  guide: !guide ? 'none' : guide.guards?.length === 0 ? 'public' : 'guarded',
});
