import { createHmac } from 'node:crypto';
import {
  signingSecret,
  type SecretRotation,
  type SignatureHeader,
  type SignatureScheme,
} from './signature-scheme.js';

export type HmacEncoding = 'hex' | 'base64';

/** HMAC-SHA256 of a text, keyed with the secret's text, `whsec_` included. Hex is in lower case. */
export const hmac = (secret: string, text: string, encoding: HmacEncoding): string =>
  createHmac('sha256', secret).update(text).digest(encoding);

export interface HmacForm {
  /** In lower case. */
  readonly header: string;
  /** The text before the signature, such as `sha256=`. */
  readonly prefix: string;
  readonly encoding: HmacEncoding;
}

/** One header with the HMAC of the body, as GitHub, Shopify and most homemade senders have it. */
export class HmacScheme implements SignatureScheme {
  readonly kind = 'hmac';
  readonly headers: readonly SignatureHeader[];

  constructor(
    readonly form: HmacForm,
    private readonly rotation: SecretRotation,
  ) {
    const { header: name, prefix, encoding } = form;
    const description = `${prefix === '' ? 'The' : `\`${prefix}\` and the`} ${encoding} HMAC-SHA256 of the body.`;
    this.headers = [
      { name, description, secrets: 'one', pattern: `^${escaped(prefix)}${DIGITS[encoding]}$` },
    ];
  }

  sign({ body }: { readonly body: string }, secrets: Parameters<SignatureScheme['sign']>[1]) {
    const { header, prefix, encoding } = this.form;
    return { [header]: prefix + hmac(signingSecret(secrets, this.rotation), body, encoding) };
  }
}

const DIGITS = { hex: '[0-9a-f]{64}', base64: '[A-Za-z0-9+/]{43}=' };

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
