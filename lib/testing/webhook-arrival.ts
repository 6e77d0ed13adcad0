import type { JsonWebKey } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ReceivedWebhookScheme } from '../receiver/received-scheme.js';
import { verifySignature } from '../receiver/verify-webhook.js';
import {
  InvalidWebhookSecretError,
  WebhookVerificationError,
  type WebhookVerificationFailure,
} from '../receiver/webhook-verification.error.js';
import { arrivedEvent, type ArrivedEvent } from './arrived-event.js';

/**
 * Why a receiver must not trust a request: the reasons of `verifyWebhook`, a wrong hex header, or no secret to verify
 * with.
 */
export type WebhookArrivalProblem =
  WebhookVerificationFailure | 'bad-hex-signature' | 'no-secret' | 'invalid-secret' | 'too-large';

/** A request that a test receiver got. */
export interface WebhookArrival<Data = unknown> {
  /**
   * The event's id, the same on every attempt. If the body has none, that of the header `webhook-id`; `''` without
   * both.
   */
  readonly id: string;
  /** `''` if the representation does not tell it: messages, and most templates. */
  readonly type: string;
  /** The event's data. If the representation has no such part: the parsed body, or its text if it is no JSON. */
  readonly data: Data;
  /** The form of the body; `other` for templates and the app's own. */
  readonly representation: ArrivedEvent['representation'];
  /** The header `x-webhook-attempt`: 1 for the first. */
  readonly attempt: number;
  /** Whether each signature was made with a trusted secret, at a time near the clock's. */
  readonly verified: boolean;
  /** Why it is not verified. */
  readonly problem?: WebhookArrivalProblem;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body. */
  readonly body: string;
}

/** What a receiver verifies with. */
export interface Verification {
  readonly secrets: readonly string[];
  /** Each must be right. */
  readonly schemes: readonly ReceivedWebhookScheme[];
  readonly publicKeys: readonly JsonWebKey[];
  /** Where the request went. */
  readonly url: string;
  readonly now: () => number;
}

export interface RawRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined`: it was too large to be kept. */
  readonly body: Buffer | undefined;
}

export function arrivalOf(request: RawRequest, verification: Verification): WebhookArrival {
  const { path, headers, body } = request;
  const problem = body ? problemOf(body, headers, verification) : 'too-large';
  const event = arrivedEvent({ headers, body: body ?? Buffer.alloc(0) });
  return {
    id: event.id ?? '',
    type: event.type ?? '',
    data: event.data,
    representation: event.representation,
    attempt: Number(headers['x-webhook-attempt'] ?? 0),
    verified: problem === undefined,
    ...(problem ? { problem } : {}),
    path,
    headers,
    body: body?.toString('utf8') ?? '',
  };
}

function problemOf(
  body: Buffer,
  headers: RawRequest['headers'],
  { secrets, schemes, publicKeys, url, now }: Verification,
): WebhookArrivalProblem | undefined {
  if (secrets.length === 0) return 'no-secret';
  for (const given of schemes) {
    const option = typeof given === 'string' ? { scheme: given } : given;
    const scheme = option.scheme === 'rfc9421' ? { ...option, url } : option;
    const byKey = option.scheme === 'rfc9421' || option.scheme === 'standard-v1a';
    try {
      verifySignature(body, headers, byKey ? publicKeys : secrets, { scheme, now });
    } catch (error) {
      if (error instanceof InvalidWebhookSecretError) return 'invalid-secret';
      if (!(error instanceof WebhookVerificationError)) throw error;
      return option.scheme === 'hmac' ? 'bad-hex-signature' : error.reason;
    }
  }
  return undefined;
}

/** A request's body; `undefined` if it has more than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  }
  return bytes <= limit ? Buffer.concat(chunks) : undefined;
}
