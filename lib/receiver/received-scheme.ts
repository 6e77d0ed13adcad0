/** How the sender signs: its option `signature.schemes`, with the names of the headers. */
export type ReceivedWebhookScheme =
  | 'standard'
  | 'standard-v1a'
  | { readonly scheme: 'standard' | 'standard-v1a' }
  | {
      readonly scheme: 'hmac';
      readonly header: string;
      readonly prefix?: string;
      readonly encoding?: 'hex' | 'base64';
    }
  | { readonly scheme: 'stripe'; readonly header: string }
  | { readonly scheme: 'slack'; readonly header: string; readonly timestampHeader: string }
  | {
      readonly scheme: 'rfc9421';
      /** The URL with which you registered the webhook. */
      readonly url: string;
      /** Default: `sig1`. */
      readonly label?: string;
      /**
       * What must be signed at least. Default: `@method`, `@target-uri`, `content-digest`, `content-type` and
       * `webhook-id`.
       */
      readonly components?: readonly string[];
    };

/** A public key as a JWK (RFC 7517). Spelled out, so that receivers need no types of Node. */
type PublicJwk = {
  readonly [Member in 'kty' | 'crv' | 'x' | 'y' | 'n' | 'e' | 'kid' | 'alg' | 'use']?: string;
};

/** The webhook's secret; several while it is rotated. For schemes with public keys: the sender's, as `whpk_…`, JWKs or a JWK set. */
export type WebhookVerificationKeys =
  string | readonly string[] | PublicJwk | readonly PublicJwk[] | { readonly keys: readonly PublicJwk[] };

export interface VerifyWebhookOptions {
  /** Default: `standard`. */
  readonly scheme?: ReceivedWebhookScheme;
  /**
   * How far the signed timestamp may be from now, in either direction; `hmac` signs none. Default: 5 minutes.
   * `Infinity`: any.
   */
  readonly toleranceMs?: number;
  /** Epoch ms. Default: `Date.now`. */
  readonly now?: () => number;
  /** `raw`: the secret is a text that you chose yourself, not `whsec_` and base64. Only for `standard`. */
  readonly format?: 'raw';
}
