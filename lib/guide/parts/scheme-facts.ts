import { HmacScheme } from '../../domain/signing/hmac-scheme.js';
import type { SignatureScheme } from '../../domain/signing/signature-scheme.js';
import { MessageSignatureScheme } from '../../domain/signing/message-signature-scheme.js';
import { standardPublicKey } from '../../domain/signing/signing-key.js';
import { StandardScheme } from '../../domain/signing/standard-scheme.js';
import { SlackScheme, StripeScheme } from '../../domain/signing/timestamped-schemes.js';
import { nodeHmac, nodeSlack, nodeStandardV1a, nodeStripe } from '../../reference/samples/node-schemes.js';
import { code, text } from '../markdown.js';

/** What the guide says about a scheme, in Markdown. */
export interface SchemeFacts {
  readonly title: string;
  readonly header: string;
  readonly key: string;
  readonly signed: string;
  readonly replay: string;
  /** What happens during a rotation of the secret; `undefined`: the scheme does not use the secret. */
  readonly rotation: string | undefined;
  /** The code of `verify(secret, headers, body)` in Node.js. */
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
  if (scheme instanceof StandardScheme) return standardFacts(scheme, header);
  if (scheme instanceof StripeScheme) {
    return {
      title: 'HMAC with a timestamp',
      header,
      key: TEXT_KEY,
      signed: 'timestamp and body, with a dot between',
      replay: REFUSED,
      rotation: eachSecret(header),
      node: nodeStripe(scheme.header),
    };
  }
  if (scheme instanceof SlackScheme) {
    const { form } = scheme;
    return {
      title: 'HMAC with a timestamp',
      header: `${header}, ${code(form.timestampHeader)}`,
      key: TEXT_KEY,
      signed: '`v0`, timestamp and body, with colons between',
      replay: REFUSED,
      rotation: oneSignature(header, rotation),
      node: nodeSlack(form.header, form.timestampHeader),
    };
  }
  if (scheme instanceof MessageSignatureScheme) {
    return {
      title: 'HTTP message signature',
      header: '`signature`, `signature-input`, `content-digest`',
      key: 'our public key, at [jwks.json](jwks.json)',
      signed: scheme.form.components.map(code).join(', '),
      replay: REFUSED,
      rotation: undefined,
      node: undefined,
    };
  }
  return {
    title: 'Our own',
    header: scheme.headers.map(({ name }) => code(name)).join(', '),
    key: '',
    signed: scheme.headers.map(({ description }) => text(description)).join(' '),
    replay: '',
    rotation: undefined,
    node: undefined,
  };
}

function standardFacts({ signs: { secrets, keys } }: StandardScheme, header: string): SchemeFacts {
  const publicKeys = keys.flatMap(({ publicJwk }) => standardPublicKey(publicJwk) ?? []).map(code);
  const ofKeys = `our public key: ${publicKeys.join(', or ')}`;
  const ofSecret = 'the bytes that follow `whsec_` in the secret, in base64';
  return {
    title: 'Standard Webhooks',
    header,
    key: [
      ...(secrets ? [keys.length > 0 ? `v1: ${ofSecret}` : ofSecret] : []),
      ...(keys.length > 0 ? [`v1a: ${ofKeys}`] : []),
    ].join('; '),
    signed: 'id, timestamp and body, with dots between',
    replay: REFUSED,
    rotation: secrets ? eachSecret(header) : undefined,
    node: keys.length > 0 ? nodeStandardV1a() : undefined,
  };
}

const eachSecret = (header: string): string =>
  `${header} holds a signature of each secret. A server that knows one of them accepts the request.`;

const oneSignature = (header: string, rotation: 'old' | 'new'): string =>
  rotation === 'old'
    ? `${header} holds one signature, made with the old secret until its time is over, and with the new one from then on. Accept both until then.`
    : `${header} holds one signature, made with the new secret from the start. Accept both until your server has it.`;
