import { createHmac } from 'node:crypto';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restApp, type RestApp } from '../support/rest-app.js';

const base64 = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
const TEXT = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const NEW = { name: 'Receiver', events: ['*'] };

describe('Own secrets', () => {
  let rest: RestApp;
  beforeAll(async () => {
    rest = await restApp({
      webhooks: {
        signature: { ownSecrets: true },
        encryption: { keys: [Buffer.alloc(32, 1).toString('base64')] },
      },
    });
  });
  afterAll(() => rest.stop());

  const create = (secret: unknown) =>
    rest.as('acme').post('', { ...NEW, url: `${rest.receiver.url}/hook`, secret });

  it.each([base64(24), base64(64), TEXT, 'x'.repeat(24), 'x'.repeat(128)])(
    'are kept as they are given: %s',
    async (secret) => {
      const { status, body } = await create(secret);

      expect([status, body.secret]).toEqual([201, secret]);
      expect((await rest.as('acme').get(`/${body.id}/secret`)).body).toMatchObject({ secret });
      expect(JSON.stringify(await rest.dataSource.query('SELECT * FROM webhook_endpoints'))).not.toContain(
        secret,
      );
    },
  );

  it.each([
    [base64(23), 'must have base64 of 24 to 64 bytes after whsec_'],
    [base64(65), 'must have base64 of 24 to 64 bytes after whsec_'],
    [`whsec_${TEXT}!`, 'must have base64 of 24 to 64 bytes after whsec_'],
    ['x'.repeat(23), 'must have 24 to 128 characters, got 23'],
    ['x'.repeat(129), 'at most 128 characters'],
    ['a secret with spaces in its middle', 'printable ASCII'],
    [`${TEXT} `, 'no space'],
    [`${TEXT}\n`, 'no space'],
    [`${base64(24)} `, 'must have base64 of 24 to 64 bytes after whsec_'],
    ['ünïcödé'.repeat(5), 'printable ASCII'],
    ['', 'must have 24 to 128 characters, got 0'],
    [null, 'got null'],
    [1234567890123456, 'got a number'],
    ['with a NUL \0 in its long middle', 'a text of 31 characters'],
  ])('that can not sign are a 400 that names the field and does not repeat it: %j', async (secret, says) => {
    const { status, body } = await create(secret);

    expect([status, body.code, body.details[0].field]).toEqual([400, 'webhooks/invalid-input', 'secret']);
    expect(body.details[0].message).toContain(says);
    if (secret) expect(JSON.stringify(body)).not.toContain(String(secret));
  });

  it('sign the test of an endpoint that is not created', async () => {
    const draft = { url: `${rest.receiver.url}/hook`, eventType: 'post.created' };
    const { status, body } = await rest.as('acme').post('/test', { ...draft, secret: TEXT });

    expect([status, body.secret]).toEqual([200, TEXT]);
    const signature = createHmac('sha256', TEXT).update(rest.receiver.arrivals.at(-1)!.body).digest('hex');
    expect(body.requestHeaders['x-webhook-signature']).toBe(signature);
    expect((await rest.as('acme').post('/test', { ...draft, secret: 'short' })).status).toBe(400);
  });

  it('sign what is sent: a text with its bytes in both schemes', async () => {
    const { body: endpoint } = await create(TEXT);
    await rest.webhooks.emit('post.created', { post_id: 'post_1' }, { tenant: 'acme' });
    await rest.settled();
    const { data } = await rest.webhooks.deliveries.ofEndpoint(
      { tenant: 'acme', endpointId: endpoint.id },
      { limit: 1 },
    );
    const { headers, body } = await rest.webhooks.deliveries.request('acme', data[0]!.id);

    expect(headers['x-webhook-signature']).toBe(createHmac('sha256', TEXT).update(body).digest('hex'));
    const now = (): number => Number(headers['webhook-timestamp']) * 1_000;
    expect(verifyWebhook(body, headers, TEXT, { format: 'raw', now })).toMatchObject({
      type: 'post.created',
    });
    const at = new Date(now());
    expect(new Webhook(TEXT, { format: 'raw' }).sign(headers['webhook-id']!, at, body)).toBe(
      headers['webhook-signature'],
    );
  });

  it('are given at a rotation, too, but not one that signs already', async () => {
    const { body: endpoint } = await create(base64(24));
    const rotate = (secret: string) =>
      rest.as('acme').post(`/${endpoint.id}/secret/rotate`, { secret, overlap: '1h' });

    expect(await rotate(TEXT)).toMatchObject({
      status: 200,
      body: { secret: TEXT, previous: [{ secret: base64(24) }] },
    });
    for (const secret of [TEXT, base64(24), 'short']) {
      const { status, body } = await rotate(secret);
      expect([status, body.details[0].field]).toEqual([400, 'secret']);
    }
  });

  it('are a 400 where the app does not allow them, at both places', async () => {
    const strict = await restApp();
    const { body: endpoint } = await strict
      .as('acme')
      .post('', { ...NEW, url: `${strict.receiver.url}/hook` });
    for (const [path, body] of [
      ['', { ...NEW, url: `${strict.receiver.url}/other`, secret: TEXT }],
      [`/${endpoint.id}/secret/rotate`, { secret: TEXT }],
    ] as const) {
      expect(await strict.as('acme').post(path, body)).toMatchObject({
        status: 400,
        body: { details: [{ field: 'secret', message: expect.stringContaining('leave it out') }] },
      });
    }
    await strict.stop();
  });
});
