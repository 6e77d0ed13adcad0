import { setTimeout } from 'node:timers/promises';
import {
  WebhookTestClock,
  WebhookNotReceivedError,
  WebhooksTestSetupError,
  WebhookTestReceiver,
  type WebhookTestAnswer,
} from 'nestjs-webhooks/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { hexSignature, standardSignature } from '../support/default-signatures.js';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

const bodyOf = (type: string, data: object = {}): string =>
  JSON.stringify({ id: 'evt_1', event_type: type, created_at: '2026-01-01T00:00:00Z', data });

interface Sent {
  type?: string;
  data?: object;
  body?: string;
  secret?: string;
  hexSecret?: string;
  hexHeader?: string;
  atMs?: number;
  path?: string;
  attempt?: number;
}

/** Sends what the module would send. */
function send(receiver: WebhookTestReceiver, sent: Sent = {}): Promise<Response> {
  const { type = 'order.paid', data, secret = SECRET, hexSecret = secret, atMs = Date.now() } = sent;
  const { path = '/hook', attempt = 1, hexHeader = 'x-webhook-signature', body = bodyOf(type, data) } = sent;
  const seconds = Math.floor(atMs / 1_000);
  return fetch(`${receiver.url}${path}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': standardSignature(secret, 'evt_1', seconds, body),
      [hexHeader]: hexSignature(hexSecret, body),
      'x-webhook-attempt': String(attempt),
    },
  });
}

let receivers: WebhookTestReceiver[] = [];

async function started(
  options: Parameters<typeof WebhookTestReceiver.start>[0] = {},
): Promise<WebhookTestReceiver> {
  const receiver = await WebhookTestReceiver.start(options);
  receivers.push(receiver);
  return receiver;
}

afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  receivers = [];
});

describe('WebhookTestReceiver', () => {
  it('gives what arrived, parsed and verified', async () => {
    const receiver = await started({ secret: SECRET });
    expect((await send(receiver, { data: { order_id: 'o1' }, attempt: 2 })).status).toBe(204);
    expect(await receiver.next('order.paid')).toEqual({
      id: 'evt_1',
      type: 'order.paid',
      data: { order_id: 'o1' },
      representation: 'envelope',
      attempt: 2,
      verified: true,
      path: '/hook',
      headers: expect.objectContaining({ 'webhook-id': 'evt_1' }),
      body: bodyOf('order.paid', { order_id: 'o1' }),
    });
  });

  it.each<[string, Sent, string]>([
    ['made with another secret', { secret: OTHER }, 'bad-signature'],
    ['whose hex header alone is wrong', { hexSecret: OTHER }, 'bad-hex-signature'],
    ['that has its hex header elsewhere', { hexHeader: 'x-acme-signature' }, 'bad-hex-signature'],
    ['signed an hour ago', { atMs: Date.now() - 3_600_000 }, 'too-old'],
    ['of more than a megabyte', { body: 'x'.repeat(1024 * 1024 + 1) }, 'too-large'],
  ])('says what is wrong with a request %s', async (_what, sent, problem) => {
    const receiver = await started({ secret: SECRET });
    await send(receiver, sent);
    expect(await receiver.next()).toMatchObject({ verified: false, problem });
  });

  it.each<[string, string, object]>([
    ['a template', '{"text":"hi"}', { data: { text: 'hi' } }],
    ['a list', '[1]', { data: [1] }],
    ['null', 'null', { data: null }],
    ['a text', 'paid: o1', { data: 'paid: o1' }],
    ['nothing', '', { data: '' }],
  ])('takes a body that is no event, by its headers: %s', async (_what, body, seen) => {
    const receiver = await started({ secret: SECRET });
    await send(receiver, { body });
    const rest = { id: 'evt_1', type: '', representation: 'other', attempt: 1, verified: true, body };
    expect(await receiver.next()).toMatchObject({ ...rest, ...seen });
  });

  it('verifies nothing before it is given a secret, and takes both of a rotation', async () => {
    const receiver = await started();
    await send(receiver);
    receiver.trust(OTHER);
    receiver.trust(SECRET);
    await send(receiver);
    expect(receiver.received.map(({ verified, problem }) => problem ?? verified)).toEqual([
      'no-secret',
      true,
    ]);
  });

  it('looks for the hex signature in the header of the app, in any case, and at the time of its clock', async () => {
    const clock = new WebhookTestClock();
    const receiver = await started({ secret: SECRET, signatureHeader: 'X-Acme-Signature', clock });
    await send(receiver, { atMs: clock.now(), hexHeader: 'x-acme-signature' });
    expect((await receiver.next()).verified).toBe(true);
  });

  it('gives each request once, by type, whether it comes before or after it is waited for', async () => {
    const receiver = await started({ secret: SECRET });
    const later = receiver.next('order.closed');
    await send(receiver, { data: { n: 1 } });
    await send(receiver, { data: { n: 2 } });
    await send(receiver, { type: 'order.closed', data: { n: 3 } });
    expect((await later).data).toEqual({ n: 3 });
    expect((await receiver.next()).data).toEqual({ n: 1 });
    expect((await receiver.next('order.paid')).data).toEqual({ n: 2 });
    expect(receiver.received).toHaveLength(3);
  });

  it('says what arrived instead of what was waited for, and nothing of its body', async () => {
    const receiver = await started();
    await expect(receiver.next('order.paid', { timeout: 10 })).rejects.toThrow(
      "No 'order.paid' arrived within 10 ms. Nothing arrived at all.",
    );
    await send(receiver, { type: 'order.closed', data: { card: '4242' } });
    const error: unknown = await receiver
      .next('order.paid', { timeout: '10ms' })
      .catch((one: unknown) => one);
    expect(error).toBeInstanceOf(WebhookNotReceivedError);
    expect(String(error)).toContain('order.closed (attempt 1, no-secret)');
    expect(String(error)).not.toContain('4242');
  });

  it('answers as it is told: first the next ones, then the standing answer', async () => {
    const receiver = await started();
    receiver.respondWith(410);
    receiver.respondNext(500, { status: 429, retryAfter: 120, body: 'slow down' });
    const answers = [await send(receiver), await send(receiver), await send(receiver), await send(receiver)];
    expect(answers.map(({ status }) => status)).toEqual([500, 429, 410, 410]);
    expect(answers[1]!.headers.get('retry-after')).toBe('120');
    expect(await answers[1]!.text()).toBe('slow down');
    receiver.clear();
    expect((await send(receiver)).status).toBe(204);
    expect(receiver.received).toHaveLength(1);
  });

  it('answers late, cuts the connection or never answers', async () => {
    const receiver = await started();
    receiver.respondNext({ status: 200, delay: '50ms' }, 'disconnect', 'hang');
    const since = performance.now();
    expect((await send(receiver)).status).toBe(200);
    expect(performance.now() - since).toBeGreaterThan(45);
    await expect(send(receiver)).rejects.toThrow();
    const hanging = send(receiver).then(
      () => 'answered',
      () => 'cut',
    );
    expect(await Promise.race([hanging, setTimeout(100, 'nothing yet')])).toBe('nothing yet');
    await receiver.stop();
    expect(await hanging).toBe('cut');
  });

  it.each<WebhookTestAnswer>([99, 1_000, { status: 204, delay: '5 minutes' as never }])(
    'refuses the answer %j, which no server can give',
    async (answer) => {
      const receiver = await started();
      expect(() => receiver.respondWith(answer)).toThrow(WebhooksTestSetupError);
      expect(() => receiver.respondNext(answer)).toThrow(WebhooksTestSetupError);
    },
  );

  it('keeps the last thousand requests', async () => {
    const receiver = await started();
    for (let sent = 0; sent < 1_010; sent += 10) {
      await Promise.all(Array.from({ length: 10 }, () => send(receiver, { data: { sent } })));
    }
    expect(receiver.received).toHaveLength(1_000);
    expect(receiver.received[0]!.data).toEqual({ sent: 10 });
  });

  it('tells whoever still waits that it was stopped, and can be stopped twice', async () => {
    const receiver = await started();
    const waiting = expect(receiver.next()).rejects.toThrow('The receiver was stopped.');
    await receiver.stop();
    await receiver.stop();
    await waiting;
  });
});
