import type { ArrivedRequest, Scheme } from './signatures.js';

export const SCHEME_NAMES = ['standard', 'standard-v1a', 'hmac', 'stripe', 'slack', 'rfc9421'] as const;
export type SchemeName = (typeof SCHEME_NAMES)[number];

const HEX = /^(?<prefix>(?:[\w-]+=)?)[0-9a-f]{64}$/;
const BASE64 = /^(?<prefix>(?:[\w-]+=)?)[A-Za-z0-9+/]{43}=$/;
const STRIPE = /^t=\d+(?:,v1=[0-9a-f]{64})+$/;
const SLACK = /^v0=[0-9a-f]{64}$/;

/** Detects the signature schemes of a request by its headers. @param url the receiver's, for `rfc9421` */
export function foundSchemes({ headers }: Pick<ArrivedRequest, 'headers'>, url: string): Scheme[] {
  return Object.entries(headers).flatMap(([header, value]): Scheme[] => {
    if (header === 'webhook-signature') {
      const versions = new Set(value.split(' ').map((one) => one.split(',')[0]));
      return [
        ...(versions.has('v1') ? [{ scheme: 'standard' } as const] : []),
        ...(versions.has('v1a') ? [{ scheme: 'standard-v1a' } as const] : []),
      ];
    }
    if (header === 'signature-input') {
      const label = /^([a-z*][\w.*-]*)=/.exec(value)?.[1];
      return [{ scheme: 'rfc9421', url, ...(label ? { label } : {}) }];
    }
    if (STRIPE.test(value)) return [{ scheme: 'stripe', header }];
    if (!/signature|hmac/.test(header)) return [];
    if (SLACK.test(value))
      return [{ scheme: 'slack', header, timestampHeader: timestampHeader(headers, header) }];
    const hex = HEX.exec(value);
    const prefix = (hex ?? BASE64.exec(value))?.groups!.prefix;
    return prefix === undefined ? [] : [{ scheme: 'hmac', header, prefix, encoding: hex ? 'hex' : 'base64' }];
  });
}

/** A scheme that the caller requires. Header names default to the usual ones. */
export function demandedScheme(
  name: SchemeName,
  {
    header,
    timestampHeader: timestamp,
    url,
  }: { readonly header?: string; readonly timestampHeader?: string; readonly url: string },
): Scheme {
  switch (name) {
    case 'hmac':
      return { scheme: 'hmac', header: header ?? 'x-webhook-signature' };
    case 'stripe':
      return { scheme: 'stripe', header: header ?? 'stripe-signature' };
    case 'slack':
      return {
        scheme: 'slack',
        header: header ?? 'x-slack-signature',
        timestampHeader: timestamp ?? 'x-slack-request-timestamp',
      };
    case 'rfc9421':
      return { scheme: 'rfc9421', url };
    default:
      return { scheme: name };
  }
}

/** The header named like the signature's, or else the only candidate. */
function timestampHeader(headers: ArrivedRequest['headers'], signature: string): string {
  const others = Object.keys(headers).filter(
    (name) => name.endsWith('timestamp') && name !== 'webhook-timestamp',
  );
  const stem = signature.replace(/signature$/, '');
  return others.find((name) => name.startsWith(stem)) ?? others[0] ?? `${stem}request-timestamp`;
}
