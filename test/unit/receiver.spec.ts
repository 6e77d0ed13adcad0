import { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { serialiseBody } from '../../lib/domain/json-body.js';
import { newSecretValue } from '../../lib/domain/secret.js';
import { hexSignature, signatureHeaders, standardSignature } from '../support/default-signatures.js';
import {
  InvalidWebhookSecretError,
  verifyWebhookHexSignature,
  verifyWebhook,
  WebhooksError,
  WebhookVerificationError,
  type ReceivedWebhookHeaders,
  type VerifyWebhookOptions,
} from '../../lib/receiver/index.js';

const NOW = Date.parse('2023-05-15T14:22:31.500Z');
const CREATED_AT = Date.parse('2023-05-15T14:22:30.900Z');
const SECRET = newSecretValue();
const OTHER_SECRET = newSecretValue();
const EVENT = {
  id: 'evt_1',
  type: 'post.published',
  createdAt: CREATED_AT,
  data: { text: 'Grüße 👋', n: 1 },
};
const { body: BODY } = serialiseBody(EVENT);
const at = { now: () => NOW };

interface Signed {
  readonly body: string;
  readonly headers: Record<string, string>;
}

const signed = (body = BODY, secrets = [SECRET], timestamp = Math.floor(NOW / 1_000)): Signed => ({
  body,
  headers: signatureHeaders(
    { id: EVENT.id, timestamp, body },
    secrets.map((value) => ({ value })),
    { header: 'x-webhook-signature', rotation: 'old' },
  ),
});

function reasonOf(
  { body, headers }: { body: string | Uint8Array; headers: ReceivedWebhookHeaders },
  secret: string | readonly string[] = SECRET,
  options: VerifyWebhookOptions = at,
): string {
  try {
    verifyWebhook(body, headers, secret, options);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(WebhookVerificationError);
    return (error as WebhookVerificationError).reason;
  }
}

function caught(run: () => unknown): WebhooksError {
  try {
    run();
  } catch (error) {
    return error as WebhooksError;
  }
  throw new Error('Nothing was thrown.');
}

describe('verifyWebhook', () => {
  it('gives the event of a request that was signed with the secret', () => {
    const { body, headers } = signed();
    expect(verifyWebhook<{ text: string }>(body, headers, SECRET, at)).toEqual({
      id: 'evt_1',
      type: 'post.published',
      createdAt: Date.parse('2023-05-15T14:22:30Z'),
      data: { text: 'Grüße 👋', n: 1 },
    });
  });

  it('takes the body as text or bytes', () => {
    const { headers } = signed();
    for (const body of [BODY, Buffer.from(BODY), new TextEncoder().encode(BODY)]) {
      expect(verifyWebhook(body, headers, SECRET, at).id).toBe('evt_1');
    }
  });

  it('takes headers of fetch, of Node and of platforms that keep the case', () => {
    const { headers } = signed();
    const ofNode: IncomingHttpHeaders = { host: 'example.com', 'set-cookie': ['a', 'b'], ...headers };
    const capitals = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name.replaceAll(/\b[a-z]/g, (c) => c.toUpperCase()),
        value,
      ]),
    );
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    expect(Object.keys(capitals)).toContain('Webhook-Signature');
    for (const given of [new Headers(headers), ofNode, capitals, lists]) {
      expect(verifyWebhook(BODY, given, SECRET, at).id).toBe('evt_1');
    }
  });

  it('accepts a request with several signatures, knowing one of the secrets', () => {
    const request = signed(BODY, [OTHER_SECRET, SECRET]);
    expect(reasonOf(request, SECRET)).toBe('accepted');
    expect(reasonOf(request, OTHER_SECRET)).toBe('accepted');
    expect(reasonOf(request, newSecretValue())).toBe('bad-signature');
  });

  it('accepts a request with one signature, knowing several secrets', () => {
    expect(reasonOf(signed(), [OTHER_SECRET, SECRET])).toBe('accepted');
    expect(reasonOf(signed(), [OTHER_SECRET, newSecretValue()])).toBe('bad-signature');
  });

  it('passes over signatures of other versions and malformed ones', () => {
    const { body, headers } = signed();
    const good = headers['webhook-signature']!;
    const withSignature = (value: string): Signed => ({
      body,
      headers: { ...headers, 'webhook-signature': value },
    });
    expect(reasonOf(withSignature(`v1a,${'A'.repeat(86)}== v1,AAAA garbage ${good}`))).toBe('accepted');
    expect(reasonOf(withSignature(good.replace('v1,', 'v2,')))).toBe('bad-signature');
  });

  const GOOD = standardSignature(SECRET, EVENT.id, Math.floor(NOW / 1_000), BODY);
  it.each([
    'garbage',
    'v1,',
    'v1',
    ',',
    ' ',
    'v1,!!!!',
    `v1,${'A'.repeat(43)}=`,
    `v1,${'é'.repeat(44)}`,
    GOOD.slice(3),
    GOOD.slice(0, -1),
    `${GOOD}=`,
    `${GOOD},`,
    `V1${GOOD.slice(2)}`,
    `v1,${hexSignature(SECRET, BODY)}`,
  ])('refuses the signature %j', (signature) => {
    const { body, headers } = signed();
    expect(reasonOf({ body, headers: { ...headers, 'webhook-signature': signature } })).toBe('bad-signature');
  });

  it('refuses a changed body, id, timestamp or secret', () => {
    const { body, headers } = signed();
    const changed = (name: string, value: string): Signed => ({
      body,
      headers: { ...headers, [name]: value },
    });
    expect(reasonOf({ body: body.replace('"n":1', '"n":2'), headers })).toBe('bad-signature');
    expect(reasonOf({ body: `${body} `, headers })).toBe('bad-signature');
    expect(reasonOf(changed('webhook-id', 'evt_2'))).toBe('bad-signature');
    expect(reasonOf(changed('webhook-timestamp', String(Math.floor(NOW / 1_000) - 1)))).toBe('bad-signature');
    expect(reasonOf({ body, headers }, OTHER_SECRET)).toBe('bad-signature');
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'refuses a request without %s',
    (name) => {
      const { body, headers } = signed();
      const { [name]: _, ...others } = headers;
      expect(reasonOf({ body, headers: others })).toBe('missing-header');
      expect(reasonOf({ body, headers: { ...headers, [name]: '' } })).toBe('missing-header');
      expect(reasonOf({ body, headers: new Headers(others) })).toBe('missing-header');
    },
  );

  it.each([
    'soon',
    '-1',
    '0',
    '01684160551',
    '1684160551.5',
    '1e9',
    ' 1684160551',
    '١٦٨٤١٦٠٥٥١',
    '9'.repeat(13),
    'NaN',
  ])('refuses the timestamp %j', (timestamp) => {
    const { body, headers } = signed();
    expect(reasonOf({ body, headers: { ...headers, 'webhook-timestamp': timestamp } })).toBe('bad-timestamp');
  });

  it('accepts what is up to five minutes old or ahead, and nothing beyond', () => {
    const seconds = Math.floor(NOW / 1_000);
    const reasonAt = (nowMs: number, options: VerifyWebhookOptions = {}): string =>
      reasonOf(signed(BODY, [SECRET], seconds), SECRET, { now: () => nowMs, ...options });
    expect(reasonAt(seconds * 1_000 + 300_000)).toBe('accepted');
    expect(reasonAt(seconds * 1_000 + 300_001)).toBe('too-old');
    expect(reasonAt(seconds * 1_000 - 300_000)).toBe('accepted');
    expect(reasonAt(seconds * 1_000 - 300_001)).toBe('too-new');
    expect(reasonAt(seconds * 1_000 + 61_000, { toleranceMs: 60_000 })).toBe('too-old');
    expect(reasonAt(seconds * 1_000 + 1e12, { toleranceMs: Infinity })).toBe('accepted');
    expect(reasonAt(seconds * 1_000, { toleranceMs: NaN })).toBe('too-old');
  });

  it('reads the clock of the machine when it is given none', () => {
    const { body, headers } = signed(BODY, [SECRET], Math.floor(Date.now() / 1_000));
    expect(verifyWebhook(body, headers, SECRET).id).toBe('evt_1');
    expect(reasonOf(signed(), SECRET, {})).toBe('too-old');
  });

  it.each([
    '',
    'null',
    '[]',
    'text',
    '{}',
    '{"id":1,"event_type":"a.b","created_at":"2023-05-15T14:22:30Z","data":{}}',
    '{"id":"","event_type":"a.b","created_at":"2023-05-15T14:22:30Z","data":{}}',
    '{"id":"evt_1","event_type":"a.b","created_at":"yesterday","data":{}}',
    '{"id":"evt_1","event_type":"a.b","created_at":"2023-05-15T14:22:30Z"}',
  ])('refuses the body %j although it is signed', (body) => {
    expect(reasonOf(signed(body))).toBe('bad-body');
  });

  it('refuses a body that is not raw, and says so', () => {
    const { headers } = signed();
    const parsed = JSON.parse(BODY) as string;
    expect(reasonOf({ body: parsed, headers })).toBe('bad-body');
    expect(() => verifyWebhook(parsed, headers, SECRET, at)).toThrow(/raw/);
  });

  it('refuses bytes that are not UTF-8, which no two decoders need read alike', () => {
    const request = signed(BODY.replace('👋', '\uFFFD'));
    const bytes = Buffer.from(request.body);
    const index = bytes.indexOf(Buffer.from('\uFFFD'));
    const altered = Buffer.concat([bytes.subarray(0, index), Buffer.from([0xff]), bytes.subarray(index + 3)]);
    expect(reasonOf(request)).toBe('accepted');
    expect(reasonOf({ body: altered, headers: request.headers })).toBe('bad-body');
  });

  it.each([
    '',
    'whsec_',
    'changeme',
    'whsec_not base64!',
    `whsec_${'A'.repeat(33)}`,
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    undefined,
    null,
    [],
    [SECRET, ''],
  ])('refuses %j as a secret before it looks at the request', (secret) => {
    expect(() => verifyWebhook('', {}, secret as string, at)).toThrow(InvalidWebhookSecretError);
  });

  it('throws errors with a stable code that hold neither the body nor the secret', () => {
    const refused = caught(() => verifyWebhook('SENTINEL', signed('SENTINEL').headers, SECRET, at));
    const misconfigured = caught(() => verifyWebhook(BODY, {}, 'SENTINEL', at));
    expect(refused).toMatchObject({ code: 'webhooks/verification-failed', name: 'WebhookVerificationError' });
    expect(misconfigured).toMatchObject({
      code: 'webhooks/invalid-secret',
      name: 'InvalidWebhookSecretError',
    });
    for (const error of [refused, misconfigured]) {
      expect(error).toBeInstanceOf(WebhooksError);
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(
        'SENTINEL',
      );
    }
  });

  it('accepts what the reference implementation of Standard Webhooks signed', () => {
    const now = new Date(NOW);
    const headers = {
      'webhook-id': EVENT.id,
      'webhook-timestamp': String(Math.floor(NOW / 1_000)),
      'webhook-signature': new Webhook(SECRET).sign(EVENT.id, now, BODY),
    };
    expect(reasonOf({ body: BODY, headers })).toBe('accepted');
    expect(reasonOf({ body: BODY, headers }, OTHER_SECRET)).toBe('bad-signature');
  });
});

describe('verifyWebhookHexSignature', () => {
  const SIGNATURE = hexSignature(SECRET, BODY);

  it('accepts the signature of the body, as text or bytes', () => {
    expect(verifyWebhookHexSignature(BODY, SIGNATURE, SECRET)).toBe(true);
    expect(verifyWebhookHexSignature(Buffer.from(BODY), SIGNATURE, SECRET)).toBe(true);
  });

  it('accepts the signature of a body that was parsed and written again', () => {
    expect(verifyWebhookHexSignature(JSON.stringify(JSON.parse(BODY)), SIGNATURE, SECRET)).toBe(true);
  });

  it('accepts a signature of one of several secrets', () => {
    expect(verifyWebhookHexSignature(BODY, SIGNATURE, [OTHER_SECRET, SECRET])).toBe(true);
    expect(verifyWebhookHexSignature(BODY, SIGNATURE, [OTHER_SECRET])).toBe(false);
  });

  it('takes any text as a secret', () => {
    expect(verifyWebhookHexSignature(BODY, hexSignature('a secret', BODY), 'a secret')).toBe(true);
  });

  it('refuses a changed body and another secret', () => {
    expect(verifyWebhookHexSignature(`${BODY} `, SIGNATURE, SECRET)).toBe(false);
    expect(verifyWebhookHexSignature(BODY, SIGNATURE, OTHER_SECRET)).toBe(false);
  });

  it('refuses an empty secret, which everybody could sign with', () => {
    const forged = hexSignature('', BODY);
    for (const secret of ['', [], [''], undefined, null, {}, 0]) {
      expect(verifyWebhookHexSignature(BODY, forged, secret as string)).toBe(false);
    }
  });

  it.each([
    '',
    'garbage',
    SIGNATURE.slice(1),
    `${SIGNATURE}0`,
    `${SIGNATURE}\n`,
    `sha256=${SIGNATURE}`,
    'z'.repeat(64),
    'é'.repeat(32),
    '😀'.repeat(32),
    undefined,
    null,
    [SIGNATURE],
    {},
    7,
  ])('answers false to the signature %j, and does not throw', (signature) => {
    expect(verifyWebhookHexSignature(BODY, signature as string, SECRET)).toBe(false);
  });

  it.each([undefined, null, {}, 7, [BODY], Buffer.from([0xff])])('answers false to the body %j', (body) => {
    expect(verifyWebhookHexSignature(body as string, SIGNATURE, SECRET)).toBe(false);
  });
});
