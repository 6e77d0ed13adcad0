/** What one request is signed over. */
export interface SigningRequest {
  /** The event's. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  /** As it is sent. */
  readonly body: string;
  readonly url: string;
  /** Those that it has before it is signed; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A header that a scheme sends, as it stands in the documents for customers. */
export interface SignatureHeader {
  /** In lower case. */
  readonly name: string;
  /** A sentence or two of Markdown. */
  readonly description: string;
  /** Whether it holds one signature or one of every live secret; left out: the endpoint's secret has no part in it. */
  readonly secrets?: 'one' | 'every';
  /** A regular expression that every value matches. */
  readonly pattern?: string;
}

/** Secrets that sign now, the newest first; at least one. */
export type LiveSecrets = readonly { readonly value: string }[];

/** One way to prove to a receiver whose a request is. */
export interface SignatureScheme {
  /** What the customers' guide explains it by. */
  readonly kind: 'hmac' | 'standard' | 'stripe' | 'slack' | 'rfc9421' | 'own';
  /** All that it sends, and no other. */
  readonly headers: readonly SignatureHeader[];
  sign(request: SigningRequest, secrets: LiveSecrets): Record<string, string>;
}

/** Which secret makes a signature that there can be only one of, while two are live. */
export type SecretRotation = 'old' | 'new';

/** The secret that makes the one signature of a scheme: the oldest live one is what a receiver knows until the overlap ends. */
export function signingSecret(secrets: LiveSecrets, rotation: SecretRotation): string {
  const secret = rotation === 'new' ? secrets[0] : secrets.at(-1);
  if (secret) return secret.value;
  throw new RangeError('A request is never signed without a secret.');
}

/** The headers with which a request is signed. The id goes with each: it is what a receiver knows duplicates by. */
export function signatureHeaders(
  schemes: readonly SignatureScheme[],
  request: SigningRequest,
  secrets: LiveSecrets,
): Record<string, string> {
  if (secrets.length === 0) throw new RangeError('A request is never signed without a secret.');
  const headers: Record<string, string> = {};
  for (const scheme of schemes) Object.assign(headers, scheme.sign(request, secrets));
  headers['webhook-id'] ??= request.id;
  return headers;
}
