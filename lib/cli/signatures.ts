import { contentDigest } from '../domain/signing/message-signature-scheme.js';
import type { ReceivedWebhookScheme, WebhookVerificationKeys } from '../receiver/received-scheme.js';
import { verifySignature } from '../receiver/verify-webhook.js';
import {
  InvalidWebhookSecretError,
  WebhookVerificationError,
} from '../receiver/webhook-verification.error.js';
import { shortDuration } from './values.js';

/** A request as it arrived, with header names in lower case. */
export interface ArrivedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The keys to verify with. */
export interface Keys {
  readonly secrets: readonly string[];
  /** `whpk_…`, or JWKs. */
  readonly publicKeys: readonly (string | object)[];
  /** Epoch ms. */
  readonly now: number;
  readonly toleranceMs: number;
}

export type Scheme = Exclude<ReceivedWebhookScheme, string>;

export interface Verdict {
  readonly scheme: Scheme['scheme'];
  /** The header with the signature. */
  readonly header: string;
  /** `null`: no key was given for it. */
  readonly verified: boolean | null;
  /** The code and the sentence of the failure. */
  readonly reason?: string;
  readonly problem?: string;
}

const BY_KEY: ReadonlySet<string> = new Set(['standard-v1a', 'rfc9421']);

const knownFor = ({ scheme }: Scheme, { publicKeys, secrets }: Keys): readonly unknown[] =>
  BY_KEY.has(scheme) ? publicKeys : secrets;

export function headerOfScheme(scheme: Scheme): string {
  if ('header' in scheme) return scheme.header;
  return scheme.scheme === 'rfc9421' ? 'signature' : 'webhook-signature';
}

/** Verifies a request by one scheme, and explains a failure. */
export function verdictOn(request: ArrivedRequest, scheme: Scheme, keys: Keys): Verdict {
  const about = { scheme: scheme.scheme, header: headerOfScheme(scheme) };
  if (knownFor(scheme, keys).length === 0) {
    const [what, option] = BY_KEY.has(scheme.scheme) ? ['public key', 'public-key'] : ['secret', 'secret'];
    return { ...about, verified: null, reason: 'no-key', problem: `No ${what} was given: see --${option}.` };
  }
  const failure = failureOf(request, scheme, keys);
  if (failure === undefined) return { ...about, verified: true };
  return { ...about, verified: false, ...explained(request, scheme, keys, failure) };
}

type Failure = { readonly reason: string; readonly problem: string };

/** `undefined`: the signature is valid. */
function failureOf(
  { headers, body }: ArrivedRequest,
  scheme: Scheme,
  keys: Keys,
  raw = false,
): Failure | undefined {
  const { toleranceMs, now } = keys;
  const known = knownFor(scheme, keys) as WebhookVerificationKeys;
  try {
    verifySignature(body, headers, known, {
      scheme,
      toleranceMs,
      now: () => now,
      ...(raw ? { format: 'raw' } : {}),
    });
    return undefined;
  } catch (error) {
    if (error instanceof InvalidWebhookSecretError)
      return { reason: 'invalid-secret', problem: error.message };
    if (!(error instanceof WebhookVerificationError)) throw error;
    return { reason: error.reason, problem: error.message.replace('The webhook was refused: ', '') };
  }
}

/** A wrong signature does not show its cause, so this tries the usual mistakes. */
function explained(request: ArrivedRequest, scheme: Scheme, keys: Keys, failure: Failure): Failure {
  const isRight = (other: Partial<ArrivedRequest>, secrets = keys.secrets, raw = false): boolean =>
    failureOf({ ...request, ...other }, scheme, { ...keys, secrets, toleranceMs: Infinity }, raw) ===
    undefined;
  if (failure.reason === 'too-old' || failure.reason === 'too-new') {
    const told = isRight({})
      ? 'The signature is right, but its time is'
      : 'The signature is wrong, and its time is';
    const sent = signedAt(request.headers, scheme);
    const by = sent === undefined ? '' : ` ${shortDuration(keys.now - sent)}`;
    const when = failure.reason === 'too-old' ? 'ago' : 'in the future';
    return {
      ...failure,
      problem: `${told}${by} ${when}, and ${shortDuration(keys.toleranceMs)} are allowed.`,
    };
  }
  if (failure.reason !== 'bad-signature' && failure.reason !== 'invalid-secret') return failure;
  const changed = changedBody(request, isRight);
  if (changed) return { reason: 'body-changed', problem: changed };
  const secret = BY_KEY.has(scheme.scheme) ? undefined : spelledOtherwise(keys.secrets, isRight);
  if (secret) return { reason: 'wrong-secret', problem: secret };
  if (failure.reason === 'invalid-secret') return failure;
  return {
    reason: failure.reason,
    problem: BY_KEY.has(scheme.scheme)
      ? failure.problem
      : 'No secret that was given made this signature, or the body or a signed header was changed: a signature can’t tell which.',
  };
}

type IsRight = (other: Partial<ArrivedRequest>, secrets?: readonly string[], raw?: boolean) => boolean;

function changedBody({ headers, body }: ArrivedRequest, isRight: IsRight): string | undefined {
  const text = body.toString('utf8');
  const candidates: readonly (readonly [string, string | undefined])[] = [
    ['without the line break at its end', text.replace(/\r?\n$/, '')],
    ['with a line break at its end', `${text}\n`],
    ['with \\n for each \\r\\n', text.replaceAll('\r\n', '\n')],
    ['without white space around it', text.trim()],
    ['as JSON without white space: it was formatted, or parsed and written again', compact(text)],
  ];
  const found = candidates.find(
    ([, other]) => other !== undefined && other !== text && isRight({ body: Buffer.from(other) }),
  );
  if (found) return `The body was changed. The signature is right for it ${found[0]}.`;
  const length = headers['content-length'];
  if (length !== undefined && Number(length) !== body.length)
    return `The body was changed: it has ${body.length} bytes, and its content-length was ${length}.`;
  const digest = headers['content-digest'];
  if (digest !== undefined && digest !== contentDigest(text))
    return 'The body was changed: its content-digest is of another one.';
  return undefined;
}

function compact(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function spelledOtherwise(secrets: readonly string[], isRight: IsRight): string | undefined {
  const bare = secrets.map((secret) => secret.replaceAll(/^[\s'"]+|[\s'"]+$/g, ''));
  if (isRight({}, bare)) return 'The secret has white space or quotes around it. It is right without them.';
  if (
    isRight(
      {},
      bare.map((secret) => `whsec_${secret}`),
    )
  )
    return 'The secret lacks whsec_ at its start. It is right with it.';
  if (isRight({}, bare, true)) return 'The secret is a text, and is used as its bytes, not as base64.';
  return undefined;
}

/** Epoch ms. */
function signedAt(headers: ArrivedRequest['headers'], scheme: Scheme): number | undefined {
  const text =
    scheme.scheme === 'slack'
      ? headers[scheme.timestampHeader]
      : scheme.scheme === 'stripe'
        ? /^t=(\d+)/.exec(headers[scheme.header] ?? '')?.[1]
        : scheme.scheme === 'rfc9421'
          ? /;created=(\d+)/.exec(headers['signature-input'] ?? '')?.[1]
          : headers['webhook-timestamp'];
  return text === undefined ? undefined : Number(text) * 1_000;
}
