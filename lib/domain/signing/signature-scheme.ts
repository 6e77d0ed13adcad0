/** The request that is signed. */
export interface SigningRequest {
  /** The id of the event. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  /** The body as it is sent. */
  readonly body: string;
  readonly url: string;
  /** The headers before signing; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A header that a scheme sends, as the documents for customers describe it. */
export interface SignatureHeader {
  /** In lower case. */
  readonly name: string;
  /** A sentence or two of Markdown. */
  readonly description: string;
  /**
   * Whether it contains one signature or one for every live secret. Left out: it does not depend on the endpoint's
   * secret.
   */
  readonly secrets?: 'one' | 'every';
  /** A regular expression that every value matches. */
  readonly pattern?: string;
}

/** Secrets that sign now, the newest first; at least one. */
export type LiveSecrets = readonly { readonly value: string }[];

/** One way to prove to a receiver who sent a request. */
export interface SignatureScheme {
  /** Selects the explanation in the customers' guide. */
  readonly kind: 'hmac' | 'standard' | 'stripe' | 'slack' | 'rfc9421' | 'own';
  /** All headers that it sends. */
  readonly headers: readonly SignatureHeader[];
  sign(request: SigningRequest, secrets: LiveSecrets): Record<string, string>;
}

/** Which secret signs while two are live, in a header with room for one signature. */
export type SecretRotation = 'old' | 'new';

/**
 * The secret of a scheme with one signature. By default the oldest live one: the receiver knows it until the overlap
 * ends.
 */
export function signingSecret(secrets: LiveSecrets, rotation: SecretRotation): string {
  const secret = rotation === 'new' ? secrets[0] : secrets.at(-1);
  if (secret) return secret.value;
  throw new RangeError('A request is never signed without a secret.');
}

/** The headers that sign a request. All schemes have `webhook-id`, which identifies duplicates. */
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
