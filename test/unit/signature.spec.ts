import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { HmacScheme, type HmacForm } from '../../lib/domain/signing/hmac-scheme.js';
import { newSecretValue } from '../../lib/domain/secret.js';
import { hexSignature, signatureHeaders, standardSignature } from '../support/default-signatures.js';

/** The test vector of the Standard Webhooks specification. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1614265330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

const NEW = { value: newSecretValue() };
const OLD = { value: newSecretValue() };
const CONTENT = { id: 'evt_1', timestamp: Math.floor(Date.now() / 1_000), body: '{"text":"Grüße 👋"}' };
const OPTIONS = { header: 'x-acme-signature', rotation: 'old' } as const;

describe('standardSignature', () => {
  it("gives the signature of the specification's test vector", () => {
    const { secret, id, timestamp, body, signature } = VECTOR;
    expect(standardSignature(secret, id, timestamp, body)).toBe(signature);
  });

  it.each(['{}', '', 'Grüße 👋', '\u2028', '"\\ud800"', 'x'.repeat(100_000)])(
    'signs %.20j as the reference implementation does',
    (body) => {
      const signature = standardSignature(NEW.value, 'evt_1', CONTENT.timestamp, body);
      expect(signature).toBe(new Webhook(NEW.value).sign('evt_1', new Date(CONTENT.timestamp * 1_000), body));
    },
  );
});

describe('hexSignature', () => {
  // RFC 4231, test case 2.
  it('is the lower-case hex HMAC-SHA256 of the body', () => {
    expect(hexSignature('Jefe', 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('is keyed with the text of the secret, its prefix included, over the UTF-8 of the body', () => {
    const expected = createHmac('sha256', Buffer.from(NEW.value))
      .update(Buffer.from(CONTENT.body))
      .digest('hex');
    expect(hexSignature(NEW.value, CONTENT.body)).toBe(expected);
    expect(hexSignature(NEW.value.slice('whsec_'.length), CONTENT.body)).not.toBe(expected);
  });
});

describe('signatureHeaders', () => {
  it('gives both schemes, the hex one under its configured name', () => {
    expect(signatureHeaders(CONTENT, [NEW], OPTIONS)).toEqual({
      'x-acme-signature': hexSignature(NEW.value, CONTENT.body),
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(CONTENT.timestamp),
      'webhook-signature': standardSignature(NEW.value, 'evt_1', CONTENT.timestamp, CONTENT.body),
    });
  });

  it('signs with every live secret, newest first, in the Standard Webhooks header', () => {
    const headers = signatureHeaders(CONTENT, [NEW, OLD], OPTIONS);
    const signatures = [NEW, OLD].map(({ value }) =>
      standardSignature(value, CONTENT.id, CONTENT.timestamp, CONTENT.body),
    );
    expect(headers['webhook-signature']).toBe(signatures.join(' '));
  });

  it.each([
    { rotation: 'old', signer: OLD },
    { rotation: 'new', signer: NEW },
  ] as const)('signs the hex header with the $rotation secret while two are live', ({ rotation, signer }) => {
    const headers = signatureHeaders(CONTENT, [NEW, OLD], { ...OPTIONS, rotation });
    expect(headers['x-acme-signature']).toBe(hexSignature(signer.value, CONTENT.body));
  });

  it('passes the verification of the reference implementation with either secret, and with no other', () => {
    const headers = signatureHeaders(CONTENT, [NEW, OLD], OPTIONS);
    for (const { value } of [NEW, OLD]) {
      expect(new Webhook(value).verify(CONTENT.body, headers)).toEqual({ text: 'Grüße 👋' });
    }
    expect(() => new Webhook(newSecretValue()).verify(CONTENT.body, headers)).toThrow(
      'No matching signature',
    );
    expect(() => new Webhook(NEW.value).verify('{}', headers)).toThrow('No matching signature');
  });

  it('never signs without a secret', () => {
    expect(() => signatureHeaders(CONTENT, [], OPTIONS)).toThrow(RangeError);
    expect(() => signatureHeaders(CONTENT, [], { ...OPTIONS, rotation: 'new' })).toThrow(RangeError);
  });
});

describe('HmacScheme', () => {
  const signed = (form: Partial<HmacForm>): Record<string, string> =>
    new HmacScheme({ header: 'x-signature', prefix: '', encoding: 'hex', ...form }, 'old').sign(CONTENT, [
      NEW,
    ]);

  it('has the prefix and the encoding that it is told', () => {
    const of = (encoding: 'hex' | 'base64'): string =>
      createHmac('sha256', NEW.value).update(CONTENT.body).digest(encoding);
    expect(signed({})).toEqual({ 'x-signature': of('hex') });
    expect(signed({ prefix: 'sha256=' })).toEqual({ 'x-signature': `sha256=${of('hex')}` });
    expect(signed({ encoding: 'base64' })).toEqual({ 'x-signature': of('base64') });
  });

  it.each([{}, { prefix: 'sha256=' }, { prefix: 'v1.$+(', encoding: 'base64' }] as const)(
    'documents what it sends with %j',
    (form) => {
      const scheme = new HmacScheme({ header: 'x-signature', prefix: '', encoding: 'hex', ...form }, 'old');
      expect(scheme.sign(CONTENT, [NEW])['x-signature']).toMatch(new RegExp(scheme.headers[0]!.pattern!));
    },
  );
});
