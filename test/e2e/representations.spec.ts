import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS_BY_QUEUE } from '../support/stacks.js';

const MINUTE = 60_000;
type Own = NonNullable<WebhooksModuleOptions['representations']>;

const shouting: Own = {
  shouting: {
    description: 'In capitals.',
    contentType: 'text/plain; charset=utf-8',
    body: ({ type, data }) => `${type}: ${(data as { post_id: string }).post_id}`.toUpperCase(),
  },
};

describe.each(STACKS_BY_QUEUE)('A representation, on $name', (stack) => {
  let t: SendingApp;
  afterEach(() => t.stop());

  const app = async (representations: Own = {}): Promise<void> => {
    t = await sendingApp({ ...stack, webhooks: { representations } });
  };
  const emit = (data: object = { post_id: 'post_1' }): Promise<{ id: string; body: string }> =>
    t.webhooks.emit('post.published', data, { tenant: 'acme' });
  const only = async () => {
    const [delivery, ...others] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    expect(others).toEqual([]);
    return t.webhooks.deliveries.get('acme', delivery!.id);
  };
  const use = async (id: string, representation: string): Promise<void> =>
    void (await t.webhooks.endpoints.update('acme', id, { representation }));

  it('of Standard Webhooks is the payload that its specification recommends, signed as it is sent', async () => {
    await app();
    const { secret } = await t.endpoint({ representation: 'standard-webhooks' });

    await emit();

    const [{ body, headers }] = (await t.receiver.received(1)) as [(typeof t.receiver.arrivals)[number]];
    expect(JSON.parse(body)).toEqual({
      type: 'post.published',
      timestamp: '2026-01-01T00:00:00Z',
      data: { post_id: 'post_1' },
    });
    expect(JSON.stringify(JSON.parse(body))).toBe(body);
    expect(headers['content-type']).toBe('application/json');
    const signedAt = new Date(t.clock.now());
    expect(headers['webhook-signature']).toBe(
      new Webhook(secret).sign(headers['webhook-id'] as string, signedAt, body),
    );
  });

  it('of the app is what its function gives, with the content type that it states', async () => {
    await app(shouting);
    await t.endpoint({ representation: 'shouting' });

    await emit();

    const [arrival] = await t.receiver.received(1);
    expect(arrival).toMatchObject({
      body: 'POST.PUBLISHED: POST_1',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': '22' },
    });
  });

  it('is frozen by the first attempt: later changes of the function or the endpoint do not affect it', async () => {
    let words = 'first';
    await app({ own: { body: () => JSON.stringify({ words }) } });
    const { id } = await t.endpoint({ representation: 'own' });
    t.receiver.nextAnswers.push(500, 500);

    await emit();
    await t.receiver.received(1);
    await t.settled();
    words = 'second';
    await t.after(5 * MINUTE);
    await use(id, 'envelope');
    await t.after(10 * MINUTE);
    const { id: deliveryId } = await only();
    await t.webhooks.deliveries.retry('acme', deliveryId);
    await t.settled();

    const bodies = t.receiver.arrivals.map(({ body }) => body);
    expect(bodies).toEqual(Array.from({ length: 4 }, () => '{"words":"first"}'));
    expect((await only()).representation).toEqual({
      name: 'own',
      version: null,
      contentType: 'application/json',
      body: '{"words":"first"}',
    });
    expect((await t.webhooks.deliveries.request('acme', deliveryId)).body).toBe('{"words":"first"}');
    await emit();
    expect((await t.receiver.received(5)).at(-1)!.body).toContain('event_type');
  });

  it('does not affect deliveries that began before the endpoint asked for it', async () => {
    await app(shouting);
    const { id } = await t.endpoint();
    t.receiver.nextAnswers.push(500);

    const event = await emit();
    await t.receiver.received(1);
    await t.settled();
    await use(id, 'shouting');
    await t.after(5 * MINUTE);

    expect(t.receiver.arrivals.map(({ body }) => body)).toEqual([event.body, event.body]);
    expect((await only()).representation).toBeNull();
  });

  it('that throws fails the attempt with its own code, without a request, is retried, and is not held against the endpoint', async () => {
    let isBroken = true;
    await app({
      own: {
        body: ({ id }) => {
          if (isBroken) throw new Error('no words');
          return JSON.stringify({ id });
        },
      },
    });
    const { id } = await t.endpoint({ representation: 'own' });

    const event = await emit();
    await t.settled();
    const failed = await only();
    expect(failed).toMatchObject({ status: 'pending', attemptCount: 1, errorCode: 'representation-failed' });
    expect(failed.attempts[0]!.error!.message).not.toContain('no words');
    expect((await t.webhooks.endpoints.get('acme', id)).failingSince).toBeNull();
    expect(t.receiver.arrivals).toEqual([]);

    isBroken = false;
    await t.after(5 * MINUTE);

    expect(t.receiver.arrivals.map(({ body }) => body)).toEqual([JSON.stringify({ id: event.id })]);
    expect(await only()).toMatchObject({ status: 'succeeded', attemptCount: 2, errorCode: null });
  });

  it('that never produced a body can be replaced by another one, since nothing was sent in it', async () => {
    await app({
      own: {
        body: () => {
          throw new Error('no words');
        },
      },
    });
    const { id } = await t.endpoint({ representation: 'own' });
    const event = await emit();
    await t.settled();
    await use(id, 'envelope');
    await t.after(5 * MINUTE);

    expect(t.receiver.arrivals.map(({ body }) => body)).toEqual([event.body]);
  });
});

describe('A template of the customer', () => {
  let t: SendingApp;
  beforeEach(async () => void (t = await sendingApp()));
  afterEach(() => t.stop());
  const refused = async (representation: object, events = ['post.published']) => {
    const error: unknown = await t
      .endpoint({ representation: representation as never, events })
      .catch((thrown) => thrown);
    return (error as { details?: { field: string; message: string }[] }).details;
  };

  it('makes the body, and is shown again', async () => {
    const representation = { template: { text: 'Post {{data.post_id}} is live', post: '{{data}}' } };
    const { id } = await t.endpoint({ representation, events: ['post.published'] });

    await t.webhooks.emit('post.published', { post_id: 'p "1"' }, { tenant: 'acme' });

    const [{ body }] = (await t.receiver.received(1)) as [(typeof t.receiver.arrivals)[number]];
    expect(JSON.parse(body)).toEqual({ text: 'Post p "1" is live', post: { post_id: 'p "1"' } });
    expect((await t.webhooks.endpoints.get('acme', id)).representation).toEqual(representation);
  });

  it('is checked against the example of each of its event types, also when those types change', async () => {
    const template = { text: '{{data.url}}' };
    expect(await refused({ template: { text: '{{data.nothing}}' } })).toEqual([
      expect.objectContaining({
        field: 'representation.template.text',
        message: expect.stringContaining("'{{data.nothing}}', which 'post.published' does not have"),
      }),
    ]);
    expect((await refused({ template }, ['*']))?.[0]?.message).toContain("'post.created' and 1 more");
    const { id } = await t.endpoint({ representation: { template }, events: ['post.published'] });
    const wider = t.webhooks.endpoints.update('acme', id, { events: ['post.*'] });
    await expect(wider).rejects.toMatchObject({ details: [{ field: 'representation.template.text' }] });
  });

  it.each([[{}], [{ template: 'x' }], [{ template: {}, more: 1 }], ['nothing'], [5]])(
    'or a name is a 400 that names the field where it is %j',
    async (representation) => {
      expect((await refused(representation as never))?.[0]?.field).toBe('representation');
    },
  );

  it('is previewed with the example of a type, or with an event of the tenant', async () => {
    const { preview } = t.webhooks.representations;
    const see = preview.bind(t.webhooks.representations);
    const representation = { template: { id: '{{data.post_id}}' } };
    expect((await see('acme', { representation, eventType: 'post.published' })).body).toBe('{"id":"post_1"}');
    const { id: eventId } = await t.webhooks.emit('post.published', { post_id: 'own' }, { tenant: 'acme' });
    expect((await see('acme', { representation, eventId })).body).toBe('{"id":"own"}');
    await expect(see('globex', { representation, eventId })).rejects.toMatchObject({
      code: 'webhooks/not-found',
    });
    await expect(see('acme', { representation })).rejects.toMatchObject({
      details: [{ field: 'eventType' }],
    });
    expect(t.receiver.arrivals).toEqual([]);
  });
});

describe('A receiver like Slack', () => {
  it('gets a readable message with the title of the type', async () => {
    const t = await sendingApp();
    const messages: string[] = [];
    t.receiver.answer = ({ body, headers }, response) => {
      const { text, blocks } = JSON.parse(body) as { text?: string; blocks?: { type: string }[] };
      const isSlack =
        headers['content-type'] === 'application/json' && text && blocks?.every(({ type }) => type);
      if (isSlack) messages.push(text);
      response.writeHead(isSlack ? 200 : 400).end(isSlack ? 'ok' : 'invalid_payload');
    };
    await t.endpoint({ representation: 'slack' });

    await t.webhooks.emit('post.published', { post_id: '1' }, { tenant: 'acme' });
    await t.receiver.received(1);
    await t.settled();

    expect(messages).toEqual(['A post went live.']);
    await t.stop();
  });
});

describe('A representation', () => {
  let t: SendingApp;
  afterEach(() => t?.stop());

  it.each([
    ['gives no text', () => 5 as never],
    ['gives a promise', () => Promise.resolve('{}') as never],
    ['gives a promise that rejects', () => Promise.reject(new Error('no words')) as never],
    ['gives what is no JSON', () => 'words'],
    ['gives more than is sent', () => JSON.stringify('x'.repeat(300 * 1024))],
  ])('that %s fails the attempt, and the app is told', async (_, body) => {
    const unhandled: unknown[] = [];
    const keep = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', keep);
    t = await sendingApp({ webhooks: { representations: { own: { body } } } });
    await t.endpoint({ representation: 'own' });
    const told: unknown[] = [];
    t.app.get(EventEmitter2).on('webhooks.delivery.retrying', (event) => told.push(event));

    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.settled();

    const [delivery] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    expect(delivery).toMatchObject({ status: 'pending', errorCode: 'representation-failed' });
    expect(told).toMatchObject([{ deliveryId: delivery!.id, errorCode: 'representation-failed' }]);
    expect(t.receiver.arrivals).toEqual([]);
    process.off('unhandledRejection', keep);
    expect(unhandled).toEqual([]);
  });
  it.each<[string, () => void]>([
    ['takes so long that its request might not end with the lease', () => t.clock.advance('20s')],
    [
      'is made while another worker takes the delivery over',
      () => void t.dataSource.query(`UPDATE webhook_deliveries SET lease_token = '${'f'.repeat(32)}'`),
    ],
  ])('that %s is not sent by who made it, and once later', async (_, meanwhile) => {
    let count = 0;
    const body = (): string => {
      if (count === 0) meanwhile();
      return JSON.stringify({ made: ++count });
    };
    t = await sendingApp({ webhooks: { representations: { own: { body } } } });
    await t.endpoint({ representation: 'own' });

    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.settled();
    expect(t.receiver.arrivals).toEqual([]);

    await t.after(60 * MINUTE);
    expect(t.receiver.arrivals).toHaveLength(1);
    const [delivery] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 1 });
  });
});
