import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { WebhookAttempt, WebhookEndpoint } from 'nestjs-webhooks';
import { Webhook } from 'standardwebhooks';
import { RetentionService } from '../../lib/dispatch/retention.service.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS_BY_DIALECT } from '../support/stacks.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const iso = (ms: number): string => new Date(ms).toISOString();
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.each(STACKS_BY_DIALECT)('What follows from an attempt on $name', (stack) => {
  let t: SendingApp;
  let lifecycle: { name: string; event: Record<string, unknown> }[];

  beforeEach(async () => {
    t = await sendingApp(stack);
    lifecycle = [];
    t.app.get(EventEmitter2).onAny((name, event) => lifecycle.push({ name: String(name), event }));
  });
  afterEach(() => t.stop());

  const emit = (): Promise<{ id: string }> => t.webhooks.emit('post.published', {}, { tenant: 'acme' });
  const emitAndSettle = async (): Promise<void> => {
    const count = t.receiver.arrivals.length;
    await emit();
    await t.receiver.received(count + 1);
    await t.settled();
  };
  const latest = async () => (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data[0]!;

  it('postpones the next attempt as Retry-After asks, to the end of the schedule at most', async () => {
    await t.endpoint();
    const start = t.clock.now();
    t.receiver.nextAnswers.push({ status: 503, headers: { 'retry-after': '1200' } });
    await emitAndSettle();
    expect((await latest()).nextAttemptAt).toBe(iso(start + 20 * MINUTE));

    t.receiver.nextAnswers.push({ status: 429, headers: { 'retry-after': '999999' } });
    await t.after(20 * MINUTE);
    await t.receiver.received(2);
    await t.settled();
    expect((await latest()).nextAttemptAt).toBe(iso(start + 120 * MINUTE));
  });

  it('fails the delivery and disables the endpoint at 410, and tells the app once', async () => {
    const { id } = await t.endpoint();
    t.receiver.answer = 410;
    await emitAndSettle();
    await emit();
    await t.after(MINUTE);

    expect(await latest()).toMatchObject({ status: 'failed', statusCode: 410, attemptCount: 1 });
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      active: false,
      disabledReason: 'gone',
      disabledAt: iso(t.clock.now() - MINUTE),
    });
    expect(t.receiver.arrivals).toHaveLength(1);
    expect(lifecycle.filter(({ name }) => name === 'webhooks.endpoint.disabled')).toEqual([
      expect.objectContaining({ event: expect.objectContaining({ endpointId: id, reason: 'gone' }) }),
    ]);
  });

  it('disables an endpoint that failed every attempt for five days, and not one that answered once', async () => {
    const dead = await t.endpoint({ url: `${t.receiver.url}/dead` });
    const shaky = await t.endpoint({ url: `${t.receiver.url}/shaky` });
    let shakyAnswers = 500;
    t.receiver.answer = ({ path }, response) =>
      response.writeHead(path === '/dead' ? 500 : shakyAnswers).end();
    for (let day = 0; day <= 5; day++) {
      shakyAnswers = day === 3 ? 200 : 500;
      const count = t.receiver.arrivals.length;
      await emit();
      await t.receiver.received(count + 2);
      await t.settled();
      t.clock.advance(day === 5 ? 0 : DAY);
    }

    expect(await t.webhooks.endpoints.get('acme', dead.id)).toMatchObject({
      active: false,
      disabledReason: 'failing',
    });
    expect(await t.webhooks.endpoints.get('acme', shaky.id)).toMatchObject({
      active: true,
      disabledReason: null,
    });
    expect(lifecycle.filter(({ name }) => name === 'webhooks.endpoint.disabled')).toHaveLength(1);
  });

  it('disables no endpoint for a failure if a request that ran at the same time has succeeded since', async () => {
    const { id } = await t.endpoint();
    const answers: ((status: number) => void)[] = [];
    t.receiver.answer = (_, response) => answers.push((status) => response.writeHead(status).end());
    await emit();
    await emit();
    await t.receiver.received(2);
    // Both were loaded when nothing had failed yet: the success does not know that there is something to end.
    const [fail, succeed] = answers;
    fail!(500);
    while ((await t.webhooks.endpoints.get('acme', id)).failingSince === null) await nextTurn();
    t.clock.advance('1s');
    succeed!(200);
    await t.settled();

    t.receiver.answer = 500;
    t.clock.advance(6 * DAY);
    await emitAndSettle();
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      active: true,
      failingSince: iso(t.clock.now()),
    });
    t.clock.advance(5 * DAY);
    await emitAndSettle();
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      active: false,
      disabledReason: 'failing',
    });
  });

  it('disables no endpoint that has answered since, even if that answer could not be stored', async () => {
    const { id } = await t.endpoint();
    t.receiver.answer = 500;
    const failingSince = t.clock.now();
    await emitAndSettle();
    t.clock.advance(2 * DAY);
    t.receiver.answer = 200;
    await emitAndSettle();
    await t.dataSource.getRepository(WebhookEndpoint).update({ id }, { failingSince });

    t.receiver.answer = 500;
    t.clock.advance(4 * DAY);
    await emitAndSettle();
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      active: true,
      failingSince: iso(t.clock.now()),
    });
  });

  it('tells the app of every attempt on its own event emitter, without a secret or a URL', async () => {
    const { secret } = await t.endpoint();
    t.receiver.nextAnswers.push(500, 200);
    await emitAndSettle();
    await t.after(5 * MINUTE);
    await t.receiver.received(2);
    await t.settled();

    const attempts = lifecycle.filter(({ name }) => name !== 'webhooks.audit.recorded');
    expect(attempts.map(({ name }) => name)).toEqual([
      'webhooks.delivery.retrying',
      'webhooks.delivery.succeeded',
    ]);
    expect(attempts[0]!.event).toMatchObject({
      tenant: 'acme',
      eventType: 'post.published',
      attempt: 1,
      statusCode: 500,
      nextAttemptAt: iso(t.clock.now()),
    });
    expect(JSON.stringify(lifecycle)).not.toContain(secret);
    expect(JSON.stringify(attempts)).not.toContain('/hook');
  });

  it('signs with the old secret in the hex header and with both in the standard one while a rotation overlaps', async () => {
    const { id, secret: old } = await t.endpoint();
    const fresh = await t.webhooks.endpoints.rotateSecret('acme', id);
    await emitAndSettle();
    t.clock.advance(DAY);
    await emitAndSettle();

    const [during, after] = t.receiver.arrivals;
    const hex = (secret: string, body: string): string =>
      createHmac('sha256', secret).update(body).digest('hex');
    expect(during!.headers['x-webhook-signature']).toBe(hex(old, during!.body));
    expect(String(during!.headers['webhook-signature']).split(' ')).toHaveLength(2);
    for (const secret of [old, fresh.secret]) {
      const {
        'webhook-id': eventId,
        'webhook-timestamp': timestamp,
        'webhook-signature': signature,
      } = during!.headers as Record<string, string>;
      const expected = new Webhook(secret).sign(eventId!, new Date(Number(timestamp) * 1_000), during!.body);
      expect(signature!.split(' ')).toContain(expected);
    }
    expect(after!.headers['x-webhook-signature']).toBe(hex(fresh.secret, after!.body));
    expect(String(after!.headers['webhook-signature']).split(' ')).toHaveLength(1);
  });

  it('sends nothing to an endpoint that was turned off or deleted meanwhile', async () => {
    const off = await t.endpoint({ url: `${t.receiver.url}/off` });
    const gone = await t.endpoint({ url: `${t.receiver.url}/gone` });
    t.receiver.answer = 500;
    await emit();
    await t.receiver.received(2);
    await t.settled();
    await t.webhooks.endpoints.update('acme', off.id, { active: false });
    await t.webhooks.endpoints.delete('acme', gone.id);
    await t.after(5 * MINUTE);

    expect(t.receiver.arrivals).toHaveLength(2);
    const deliveries = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    expect(
      deliveries.map(({ endpointId, status, errorCode }) => [endpointId, status, errorCode]).sort(),
    ).toEqual(
      [
        [off.id, 'canceled', 'endpoint-inactive'],
        [gone.id, 'canceled', 'endpoint-deleted'],
      ].sort(),
    );
  });

  it('keeps 4 KiB of the response, cut between characters, with bytes that no database takes made visible', async () => {
    await t.endpoint();
    const body = `${'é'.repeat(2_047)}x🙂 and on`;
    t.receiver.nextAnswers.push(
      { status: 200, headers: { 'content-type': 'text/plain' }, body },
      (_, response) => response.end(Buffer.from([0x61, 0x00, 0xff, 0x62])),
    );
    await emitAndSettle();
    await emitAndSettle();

    const [second, first] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 2 })).data;
    const responseOf = async (id: string): Promise<string | null> =>
      (await t.webhooks.deliveries.get('acme', id)).attempts[0]!.responseBody;
    expect(await responseOf(first!.id)).toBe(`${'é'.repeat(2_047)}x`);
    expect(await responseOf(second!.id)).toBe('a\uFFFD\uFFFDb');
  });

  it('does not follow a redirect', async () => {
    await t.endpoint();
    t.receiver.nextAnswers.push({ status: 307, headers: { location: `${t.receiver.url}/elsewhere` } });
    await emitAndSettle();

    expect(t.receiver.arrivals.map(({ path }) => path)).toEqual(['/hook']);
    expect(await latest()).toMatchObject({ status: 'pending', statusCode: 307 });
  });

  it('fails a delivery to a destination that became forbidden for good, with nothing of it in the record', async () => {
    const { id } = await t.endpoint();
    await t.dataSource
      .getRepository('WebhookEndpoint')
      .createQueryBuilder()
      .update()
      .set({ url: 'http://169.254.169.254/latest/meta-data' })
      .where({ id })
      .execute();
    await emit();
    await t.settled();

    const { attempts, ...delivery } = await t.webhooks.deliveries.get('acme', (await latest()).id);
    expect(delivery).toMatchObject({ status: 'failed', errorCode: 'refused-destination', statusCode: null });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({ responseBody: null, responseHeaders: null });
    expect(attempts[0]!.error?.message).not.toMatch(/169|meta-data/);
  });

  it('spreads requests to an endpoint with a rate limit', async () => {
    await t.endpoint({ rateLimit: 2 });
    await Promise.all([emit(), emit(), emit(), emit(), emit()]);
    // Two fit into the second that workers look ahead; the others come back with a later time.
    await t.receiver.received(1);
    await t.after(500);
    await t.receiver.received(2);
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(2);
    for (const count of [3, 4, 5]) {
      await t.after(1_000);
      if (t.receiver.arrivals.length < count) await t.after(1_000);
      await t.settled();
    }
    await t.after(5_000);
    expect(t.receiver.arrivals).toHaveLength(5);
  });

  it('prunes what is final and older than the retention, and nothing else', async () => {
    await t.endpoint();
    await emitAndSettle();
    t.receiver.answer = 500;
    const { id: failing } = await emit();
    await t.receiver.received(2);
    await t.settled();
    t.receiver.answer = ({ headers }, response) =>
      response.writeHead(headers['webhook-id'] === failing ? 500 : 200).end();
    t.clock.advance(31 * DAY);
    await emitAndSettle();

    const pruned = await t.app.get(RetentionService).runOnce();

    expect(pruned).toEqual({ deliveries: 1, events: 1 });
    const left = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    expect(left.map(({ status }) => status)).toEqual(['succeeded', 'pending']);
    const attempted = await t.dataSource.getRepository(WebhookAttempt).find({ select: { deliveryId: true } });
    expect(new Set(attempted.map(({ deliveryId }) => deliveryId)).size).toBe(2);
    expect((await t.webhooks.events.list({ tenant: 'acme' }, { limit: 10 })).data).toHaveLength(2);
  });

  it('keeps what was emitted while an endpoint was off, and recover sends it', async () => {
    const { id } = await t.endpoint({ active: false });
    const since = t.clock.now();
    await emit();
    await t.webhooks.endpoints.update('acme', id, { active: true });
    t.receiver.answer = 500;
    await emitAndSettle();
    for (let attempt = 0; attempt < 5; attempt++) {
      await t.after(60 * MINUTE);
      await t.settled();
    }
    expect(await latest()).toMatchObject({ status: 'failed' });
    const before = t.receiver.arrivals.length;
    t.receiver.answer = 200;

    expect(await t.webhooks.deliveries.recover('acme', id, since)).toEqual({ resent: 1, created: 1 });
    await t.after(10_000);
    await t.receiver.received(before + 2);
    await t.settled();

    const deliveries = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    expect(deliveries.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });
});
