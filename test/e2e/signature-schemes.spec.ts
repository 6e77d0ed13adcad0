import { generateKeyPairSync } from 'node:crypto';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { restApp, type RestApp } from '../support/rest-app.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

type SignatureOptions = NonNullable<WebhooksModuleOptions['signature']>;
type Sign = Extract<NonNullable<SignatureOptions['schemes']>[number], { sign: unknown }>['sign'];

const pem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

describe('Signature schemes', () => {
  let t: SendingApp | undefined;
  let rest: RestApp | undefined;
  afterEach(async () => {
    await t?.stop();
    await rest?.stop();
    [t, rest] = [undefined, undefined];
    vi.restoreAllMocks();
  });

  const signing = async (signature: SignatureOptions): Promise<SendingApp> =>
    (t = await sendingApp({ webhooks: { signature, retry: { schedule: ['1m'] } } }));
  const own = (
    sign: Sign,
    headers: Record<string, string> = { 'X-Acme-Signature': 'Ours.' },
  ): SignatureOptions => ({
    schemes: [{ name: 'acme', headers, sign }],
  });
  const emitted = async (app: SendingApp): Promise<void> => {
    await app.webhooks.emit('post.created', { post_id: 'post_1' }, { tenant: 'acme' });
    await app.after(0);
  };
  const attempts = async (app: SendingApp) => {
    const { data } = await app.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 });
    return app.webhooks.deliveries.get('acme', data[0]!.id);
  };

  it('send their own headers, the id, and none of a scheme that is off', async () => {
    const app = await signing({
      schemes: [{ scheme: 'hmac', header: 'X-Hub-Signature-256', prefix: 'sha256=' }],
    });
    await app.endpoint();
    await emitted(app);

    const { headers } = app.receiver.arrivals[0]!;
    expect(headers).toMatchObject({
      'x-hub-signature-256': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
      'webhook-id': expect.stringMatching(/^evt_/),
      'x-webhook-attempt': '1',
    });
    expect(Object.keys(headers)).not.toContain('webhook-signature');
    expect(Object.keys(headers)).not.toContain('x-webhook-signature');
  });

  it('have names that no endpoint can give its own headers', async () => {
    const app = await signing({
      keys: [pem()],
      schemes: ['rfc9421', { scheme: 'slack', header: 'x-slack', timestampHeader: 'x-slack-at' }],
    });
    for (const name of ['Signature', 'signature-input', 'content-digest', 'X-Slack', 'x-slack-at']) {
      await expect(app.endpoint({ headers: { [name]: 'mine' } })).rejects.toThrow(`The header "${name}"`);
    }
  });

  it('of the app’s own get what is sent and the live secrets, and give the headers', async () => {
    const seen: unknown[] = [];
    const app = await signing(
      own((request) => {
        seen.push(request);
        return { 'x-acme-signature': `acme ${request.secrets.join(' ')}` };
      }),
    );
    const { id, secret } = await app.endpoint();
    const { secret: newest } = await app.webhooks.endpoints.rotateSecret('acme', id);
    await emitted(app);

    const [{ headers, body }] = app.receiver.arrivals as [(typeof app.receiver.arrivals)[number]];
    expect(headers['x-acme-signature']).toBe(`acme ${newest} ${secret}`);
    expect(seen).toEqual([
      expect.objectContaining({
        body,
        id: headers['webhook-id'],
        url: `${app.receiver.url}/hook`,
        timestamp: Math.floor(app.clock.now() / 1_000),
        headers: expect.objectContaining({ 'content-type': 'application/json' }),
      }),
    ]);
  });

  it.each<[string, Sign]>([
    [
      'throws',
      () => {
        throw new Error('HSM away');
      },
    ],
    [
      'throws what is no error',
      () => {
        throw undefined;
      },
    ],
    ['gives a promise', (() => Promise.reject(new Error('later'))) as never],
    ['gives nothing', (() => undefined) as never],
    ['leaves a header out', () => ({})],
    ['adds a header', () => ({ 'x-acme-signature': 'a', 'x-other': 'b' })],
    ['gives no text', () => ({ 'x-acme-signature': 1 as never })],
    ['breaks the line', () => ({ 'x-acme-signature': 'a\r\nx-other: b' })],
  ])(
    'of the app’s own that %s is a failed attempt with a code of its own, and the schedule goes on',
    async (_, sign) => {
      let isBroken = true;
      const app = await signing(
        own((request) => (isBroken ? sign(request) : { 'x-acme-signature': 'right' })),
      );
      const { id } = await app.endpoint();
      await emitted(app);

      const failed = await attempts(app);
      expect(failed).toMatchObject({
        status: 'pending',
        attempts: [
          {
            outcome: 'retrying',
            statusCode: null,
            error: { code: 'signing-failed', message: 'The request could not be signed, and was not sent.' },
          },
        ],
      });
      expect(app.receiver.arrivals).toEqual([]);
      isBroken = false;
      await app.after(60_000);

      expect(app.receiver.arrivals).toHaveLength(1);
      expect(await attempts(app)).toMatchObject({ status: 'succeeded' });
      expect(await app.webhooks.endpoints.get('acme', id)).toMatchObject({ active: true });
    },
  );

  it('that fail do not disable an endpoint: it was never asked', async () => {
    t = await sendingApp({
      webhooks: {
        disableAfter: '1h',
        retry: { schedule: ['2h', '4h'] },
        signature: own(() => {
          throw new Error('HSM away');
        }),
      },
    });
    const { id } = await t.endpoint();
    await emitted(t);
    await t.after(2 * 3_600_000);
    await t.after(2 * 3_600_000);

    expect(await attempts(t)).toMatchObject({ status: 'failed', attemptCount: 3 });
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({ active: true, disabledReason: null });
  });

  it('that need a key publish it at jwks.json to everybody, and nothing of what is private', async () => {
    const keys = [pem(), pem()];
    rest = await restApp({ webhooks: { signature: { keys, schemes: ['rfc9421'] } } });
    const { status, body, headers } = await rest.call('GET', '/api/webhooks/jwks.json');

    expect([status, headers['content-type']]).toEqual([200, 'application/jwk-set+json']);
    expect(body).toEqual(rest.webhooks.settings.publicKeys());
    expect(body.keys).toHaveLength(2);
    for (const key of body.keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
      expect(key).toMatchObject({ alg: 'EdDSA', crv: 'Ed25519', use: 'sig' });
    }
  });

  it('with no key have a jwks.json that is a 404', async () => {
    rest = await restApp();

    expect(await rest.call('GET', '/api/webhooks/jwks.json')).toMatchObject({
      status: 404,
      body: { statusCode: 404, code: 'webhooks/not-found' },
    });
  });

  it('change their key without a gap: published first, then signing, then taken away', async () => {
    const [before, after] = [pem(), pem()];
    const stages = [[before], [before, after], [after, before], [after]];
    const published: unknown[] = [];
    for (const keys of stages) {
      const app = await signing({ keys, schemes: ['rfc9421', 'standard-v1a'] });
      await app.endpoint();
      await emitted(app);
      published.push(app.webhooks.settings.publicKeys());
      const { body, headers } = app.receiver.arrivals[0]!;
      // A receiver that has fetched the keys one stage ago, or now.
      for (const known of published.slice(-2)) {
        const url = `${app.receiver.url}/hook`;
        const options = { now: () => app.clock.now() };
        const scheme = { scheme: 'rfc9421', url } as const;
        expect(verifyWebhook(body, headers, known as never, { scheme, ...options })).toBeDefined();
        expect(
          verifyWebhook(body, headers, known as never, { scheme: 'standard-v1a', ...options }),
        ).toBeDefined();
      }
      await app.stop();
      t = undefined;
    }
  });
});
