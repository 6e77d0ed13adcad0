import * as crypto from 'node:crypto';
import { webhooksGuide, type WebhooksModuleOptions } from 'nestjs-webhooks';
import { describe, expect, it } from 'vitest';
import { resolveSignature } from '../../lib/config/signature-options.js';
import { standardPublicKey } from '../../lib/domain/signing/signing-key.js';
import { signatureHeaders } from '../../lib/domain/signing/signature-scheme.js';

type Signature = NonNullable<WebhooksModuleOptions['signature']>;
type Verify = (key: string, headers: Readonly<Record<string, string>>, body: string) => boolean;

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = '{"id":"evt_1","data":{"text":"Grüße 👋"}}';
const key = crypto.generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });

const guideOf = (signature: Signature): string =>
  webhooksGuide({ events: { 'post.created': {} }, api: { public: true }, signature });

/** The function of the guide's code for Node.js, below the heading. */
function verifyIn(guide: string, heading: string): Verify {
  const [, code] = guide.split(`#### ${heading}\n`)[1]!.match(/```js\n([\s\S]*?)\n```/)!;
  const named = code!
    .replace(
      /import \{ (.+) \} from 'node:crypto';/,
      (_, names: string) => `const { ${names.replace(' as ', ': ')} } = crypto;`,
    )
    .replace('export function verify', 'return function verify');
  // oxlint-disable-next-line no-implied-eval -- the code under test
  return new Function('crypto', 'Buffer', named)(crypto, Buffer) as Verify;
}

const signed = (signature: Signature, timestamp = Math.floor(Date.now() / 1_000)): Record<string, string> =>
  signatureHeaders(
    resolveSignature(signature).schemes,
    { id: 'evt_1', timestamp, body: BODY, url: 'https://example.com/', headers: {} },
    [{ value: SECRET }],
  );

describe('The customers’ guide of an app with other schemes', () => {
  it.each<[string, Signature]>([
    [
      'Node.js, `x-hub-signature-256`',
      { schemes: [{ scheme: 'hmac', header: 'X-Hub-Signature-256', prefix: 'sha256=' }] },
    ],
    ['Node.js, `x-acme-hmac`', { schemes: [{ scheme: 'hmac', header: 'x-acme-hmac', encoding: 'base64' }] }],
    ['Node.js, `acme-signature`', { schemes: [{ scheme: 'stripe', header: 'acme-signature' }] }],
    [
      'Node.js, `x-acme`, `x-acme-at`',
      { schemes: [{ scheme: 'slack', header: 'x-acme', timestampHeader: 'x-acme-at' }] },
    ],
    ['Node.js, `webhook-signature`', { keys: [key], schemes: ['standard-v1a'] }],
  ])('has code that verifies them, and refuses what is forged: %s', (heading, signature) => {
    const verify = verifyIn(guideOf(signature), heading);
    const headers = signed(signature);
    const isPublic = signature.keys !== undefined;
    const secret = isPublic ? standardPublicKey(resolveSignature(signature).publicKeys[0]!)! : SECRET;

    expect(verify(secret, headers, BODY)).toBe(true);
    expect(verify(secret, headers, BODY.replace('evt_1', 'evt_2'))).toBe(false);
    expect(verify('', headers, BODY)).toBe(false);
    expect(verify(secret, {}, BODY)).toBe(false);
    expect(verify(secret, headers, undefined as never)).toBe(false);
    const isTimed = !('hmac' === (signature.schemes![0] as { scheme?: string }).scheme);
    if (isTimed) expect(verify(secret, signed(signature, 1_700_000_000), BODY)).toBe(false);
  });

  it('says nothing of the header that is off, in any part', () => {
    for (const schemes of [
      ['standard'],
      ['rfc9421'],
      [{ scheme: 'stripe', header: 'acme-signature' }],
    ] as const) {
      const guide = guideOf({ keys: [key], schemes });
      expect(guide).not.toContain('x-webhook-signature');
      expect(guide).toContain('Each request has one signature.');
    }
    expect(guideOf({ schemes: ['hmac'] })).not.toContain('| `webhook-signature`');
  });

  it('names the headers, the keys and where they are', () => {
    const guide = guideOf({
      keys: [key],
      schemes: [
        'standard',
        'standard-v1a',
        'rfc9421',
        { name: 'acme', headers: { 'x-acme': '*Ours*' }, sign: () => ({}) },
      ],
    });

    expect(guide).toContain(
      'Each request has three signatures. Each proves that it is ours; verify one of them.',
    );
    expect(guide).toContain(`v1a: our public key: \`${standardPublicKey(key)}\``);
    expect(guide).toContain('[jwks.json](jwks.json)');
    expect(guide).toContain('| `x-acme` | \\*Ours\\* |');
    expect(guide).not.toContain(key.d!);
  });
});
