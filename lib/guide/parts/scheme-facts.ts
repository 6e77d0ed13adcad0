import { HmacScheme } from '../../domain/signing/hmac-scheme.js';
import type { SignatureScheme } from '../../domain/signing/signature-scheme.js';
import { nodeHmac } from '../../reference/samples/node-hmac.js';
import { code } from '../markdown.js';

/** What the guide says of a scheme, in Markdown. */
export interface SchemeFacts {
  readonly title: string;
  readonly header: string;
  readonly key: string;
  readonly signed: string;
  readonly replay: string;
  /** How it goes on while a secret is rotated; `undefined`: the secret has no part in it. */
  readonly rotation: string | undefined;
  /** `verify(secret, headers, body)` in Node.js. */
  readonly node: string | undefined;
}

const TEXT_KEY = "the secret's text, `whsec_` included";
const PASSES = "passes: remember the ids that you've handled";
const REFUSED = 'is refused by its timestamp';

export function schemeFacts(scheme: SignatureScheme, rotation: 'old' | 'new'): SchemeFacts {
  const header = code(scheme.headers.at(-1)!.name);
  if (scheme instanceof HmacScheme) {
    const { form } = scheme;
    const isPlain = form.prefix === '' && form.encoding === 'hex';
    return {
      title: isPlain ? 'Hex header' : `HMAC in ${form.encoding}`,
      header,
      key: TEXT_KEY,
      signed: 'the body',
      replay: PASSES,
      rotation: oneSignature(header, rotation),
      node: isPlain ? undefined : nodeHmac(form.header, form.prefix, form.encoding),
    };
  }
  if (scheme.kind === 'standard') {
    return {
      title: 'Standard Webhooks',
      header,
      key: 'the bytes that follow `whsec_` in the secret, in base64',
      signed: 'id, timestamp and body, with dots between',
      replay: REFUSED,
      rotation: `${header} holds a signature of each secret. A server that knows one of them accepts the request.`,
      node: undefined,
    };
  }
  return {
    title: 'Our own',
    header: scheme.headers.map(({ name }) => code(name)).join(', '),
    key: 'as we have told you',
    signed: scheme.headers.map(({ description }) => description).join(' '),
    replay: PASSES,
    rotation: undefined,
    node: undefined,
  };
}

const oneSignature = (header: string, rotation: 'old' | 'new'): string =>
  rotation === 'old'
    ? `${header} holds one signature, made with the old secret until its time is over, and with the new one from then on. Accept both until then.`
    : `${header} holds one signature, made with the new secret from the start. Accept both until your server has it.`;
