import { createHash } from 'node:crypto';
import type { SignatureHeader, SignatureScheme, SigningRequest } from './signature-scheme.js';
import { signWith, type SigningKey } from './signing-key.js';

/** What a signature can cover: parts of a request that the receiver sees unchanged. */
export const COMPONENTS = [
  '@method',
  '@target-uri',
  '@authority',
  '@path',
  '@query',
  'content-digest',
  'content-type',
  'webhook-id',
  'x-webhook-attempt',
  'user-agent',
] as const;
export type SignatureComponent = (typeof COMPONENTS)[number];

/** These bind a request to its body and to one endpoint: all endpoints share the key. */
export const DEFAULT_COMPONENTS: readonly SignatureComponent[] = [
  '@method',
  '@target-uri',
  'content-digest',
  'content-type',
  'webhook-id',
];

export const DEFAULT_LABEL = 'sig1';

/** RFC 9530: `sha-256=:…:`. */
export const contentDigest = (body: string): string =>
  `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;

interface CoveredRequest {
  readonly url: string;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The value of a component (RFC 9421, section 2) of a POST; `undefined` if the request has none. */
export function componentValue(name: string, { url, headers }: CoveredRequest): string | undefined {
  switch (name) {
    case '@method':
      return 'POST';
    case '@target-uri':
      return url;
    case '@authority':
      return new URL(url).host;
    case '@path':
      return new URL(url).pathname;
    case '@query':
      return new URL(url).search || '?';
    default:
      return headers[name]?.trim();
  }
}

/** The signature base (RFC 9421, section 2.5). `parameters` is the value of `@signature-params`. */
export const signatureBase = (values: readonly (readonly [string, string])[], parameters: string): string =>
  [...values.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`].join('\n');

/** HTTP message signatures (RFC 9421) with a private key of the app, over the body's digest and the target. */
export class MessageSignatureScheme implements SignatureScheme {
  readonly kind = 'rfc9421';
  readonly headers: readonly SignatureHeader[] = [
    {
      name: 'content-digest',
      description: '`sha-256=:` and the base64 SHA-256 of the body, then `:` (RFC 9530).',
      pattern: '^sha-256=:[A-Za-z0-9+/]{43}=:$',
    },
    {
      name: 'signature-input',
      description: 'What is signed, when and with which key (RFC 9421).',
    },
    {
      name: 'signature',
      description:
        'The signature (RFC 9421), made with a private key of ours. The public one is at `jwks.json`.',
    },
  ];
  private readonly list: string;

  constructor(
    readonly key: SigningKey,
    readonly form: { readonly label: string; readonly components: readonly SignatureComponent[] },
  ) {
    this.list = form.components.map((name) => `"${name}"`).join(' ');
  }

  sign({ id, timestamp, body, url, headers }: SigningRequest): Record<string, string> {
    const { key, form } = this;
    const digest = contentDigest(body);
    const covered = { url, headers: { ...headers, 'content-digest': digest, 'webhook-id': id } };
    const values = form.components.map((name) => [name, componentValue(name, covered) ?? ''] as const);
    const parameters = `(${this.list});created=${timestamp};keyid="${key.id}";alg="${key.algorithm}"`;
    return {
      'content-digest': digest,
      'signature-input': `${form.label}=${parameters}`,
      signature: `${form.label}=:${signWith(key, signatureBase(values, parameters))}:`,
    };
  }
}
