import type { WebhookFilter } from '../../domain/endpoint-filter.js';
import type { WebhookSecret } from '../../domain/secret.js';
import { ENVELOPE_NAME } from '../../domain/representation/choice.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import { iso, isoOrNull } from '../../domain/iso.js';

export interface WebhookEndpointView {
  id: string;
  name: string;
  url: string;
  description: string | null;
  events: string[];
  active: boolean;
  disabledReason: WebhookEndpoint['disabledReason'];
  /** What those who run the app say of it, where they have disabled it; else `null`. */
  disabledNote: string | null;
  /** Since when it is off; `null` where it is on, or always was off. */
  disabledAt: string | null;
  /** Since when every attempt has failed, tests aside; `null` where none has since one succeeded. */
  failingSince: string | null;
  /** When the next request may go to it, since it answered 429 or 503 with `Retry-After`; `null` where it is sent to. */
  deferredUntil: string | null;
  headers: Record<string, string>;
  /** What requests are authorised with: its type and a hint, never a token, a password or a key. */
  authorization: WebhookEndpoint['authorization'];
  /** The certificate that is shown to it in TLS handshakes; `null`: it has none of its own. */
  clientCertificate: WebhookEndpoint['clientCertificate'];
  rateLimit: number | null;
  /** Requests at once from each worker; `null` for as many as it takes. */
  concurrency: number | null;
  /** What its events look like: a name of `settings.representations`, or a template of its own. */
  representation: string | { readonly template: object };
  /** Which events of its types it gets; `null`: all of them. */
  filter: WebhookFilter | null;
  /** The version of the app's events that it is kept at; `null`: the oldest, or there are none. */
  version: string | null;
  createdAt: string;
  updatedAt: string;
}

export const endpointView = (endpoint: WebhookEndpoint): WebhookEndpointView => ({
  id: endpoint.id,
  name: endpoint.name,
  url: endpoint.url,
  description: endpoint.description,
  events: endpoint.events,
  active: endpoint.active,
  disabledReason: endpoint.disabledReason,
  disabledNote: endpoint.disabledNote,
  disabledAt: isoOrNull(endpoint.disabledAt),
  failingSince: isoOrNull(endpoint.failingSince),
  deferredUntil: isoOrNull(endpoint.active ? endpoint.deferredUntil : null),
  headers: endpoint.headers,
  authorization: endpoint.authorization,
  clientCertificate: endpoint.clientCertificate,
  rateLimit: endpoint.rateLimit,
  concurrency: endpoint.concurrency,
  representation: endpoint.representation ?? ENVELOPE_NAME,
  filter: endpoint.filter,
  version: endpoint.version,
  createdAt: iso(endpoint.createdAt),
  updatedAt: iso(endpoint.updatedAt),
});

export interface WebhookFilterPreviewView {
  /** The newest events of the types, 50 at most. */
  examined: number;
  /** Those of them that the filter would have let through. */
  matched: number;
}

export interface WebhookSecretView {
  secret: string;
  createdAt: string;
  /** Secrets from before a rotation that still sign. */
  previous: { secret: string; expiresAt: string | null }[];
}

/** @param live newest first */
export function secretView([newest, ...previous]: readonly WebhookSecret[]): WebhookSecretView {
  return {
    secret: newest!.value,
    createdAt: iso(newest!.createdAt),
    previous: previous.map(({ value, expiresAt }) => ({ secret: value, expiresAt: isoOrNull(expiresAt) })),
  };
}
