import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebhooksError, WebhooksService } from 'nestjs-webhooks';
import { restApp, type RestApp, type ROUTES } from '../support/rest-app.js';
import { BODIES, ENDPOINT, pathOf, type RouteIds } from '../support/route-matrix.js';

const SINCE = Date.parse('2025-01-01');
const PAGE = { limit: 50 };
/** What the calls pass on. */
let tenant = 'acme';

/** What an app calls to have what a route answers. */
const CALLS: Record<(typeof ROUTES)[number], (webhooks: WebhooksService, ids: RouteIds) => unknown> = {
  'GET /settings': ({ settings }) => settings.get(),
  'GET /audit': ({ audit }) => audit.list(tenant, {}, PAGE),
  'GET /event-types': ({ events }) => events.types(),
  'GET /events': ({ events }) => events.list({ tenant }, PAGE),
  'GET /events/:eventId': ({ events }, ids) => events.get(tenant, ids[':eventId']!),
  'GET /stats': ({ stats }) => stats.ofTenant(tenant),
  'GET /stats/endpoints': ({ stats }, ids) => stats.ofEndpoints(tenant, [ids[':id']!]),
  'GET /:id/stats': ({ stats }, ids) => stats.ofEndpoint(tenant, ids[':id']!),
  'GET /deliveries': ({ deliveries }) => deliveries.list({ tenant }, PAGE),
  'GET /deliveries/:deliveryId': ({ deliveries }, ids) => deliveries.get(tenant, ids[':deliveryId']!),
  'GET /deliveries/:deliveryId/attempts': ({ deliveries }, ids) =>
    deliveries.attempts(tenant, ids[':deliveryId']!, PAGE),
  'GET /deliveries/:deliveryId/request': ({ deliveries }, ids) =>
    deliveries.request(tenant, ids[':deliveryId']!),
  'POST /deliveries/retry': ({ deliveries }) =>
    deliveries.retryAll(tenant, (BODIES['POST /deliveries/retry'] as { ids: string[] }).ids),
  'POST /deliveries/:deliveryId/retry': ({ deliveries }, ids) =>
    deliveries.retry(tenant, ids[':deliveryId']!),
  'POST /representation-preview': ({ representations }) =>
    representations.preview(tenant, { representation: 'slack', eventType: 'post.created' }),
  'POST /': ({ endpoints }) => endpoints.create(tenant, ENDPOINT),
  'POST /filter-preview': ({ endpoints }) =>
    endpoints.previewFilter(tenant, BODIES['POST /filter-preview'] as { events: string[]; filter: never }),
  'GET /': ({ endpoints }) => endpoints.list(tenant, PAGE),
  'GET /:id': ({ endpoints }, ids) => endpoints.get(tenant, ids[':id']!),
  'PATCH /:id': ({ endpoints }, ids) => endpoints.update(tenant, ids[':id']!, BODIES['PATCH /:id']!),
  'DELETE /:id': ({ endpoints }, ids) => endpoints.delete(tenant, ids[':id']!),
  'GET /:id/secret': ({ endpoints }, ids) => endpoints.secret(tenant, ids[':id']!),
  'POST /:id/secret/rotate': ({ endpoints }, ids) => endpoints.rotateSecret(tenant, ids[':id']!, 60 * 60_000),
  'POST /:id/test': ({ deliveries }, ids) => deliveries.test(tenant, ids[':id']!, 'post.created'),
  'POST /test': ({ deliveries }) =>
    deliveries.testDraft(tenant, BODIES['POST /test'] as { url: string; eventType: string }),
  'GET /:id/deliveries': ({ deliveries }, ids) =>
    deliveries.ofEndpoint({ tenant, endpointId: ids[':id']! }, PAGE),
  'GET /:id/recover': ({ deliveries }, ids) => deliveries.previewRecovery(tenant, ids[':id']!, SINCE),
  'POST /:id/recover': ({ deliveries }, ids) => deliveries.recover(tenant, ids[':id']!, SINCE),
};

/** Without what is another one in each app: ids, secrets, signatures, ports and real time. */
const lasting = (answer: unknown): unknown =>
  JSON.parse(
    (JSON.stringify(answer) ?? 'null')
      .replaceAll(/(ep|evt|dlv|att|act)_[0-9a-f]{32}/g, '$1')
      .replaceAll(/whsec_[\w+/=]+/g, 'whsec')
      .replaceAll(/v1,[\w+/=]+|"[0-9a-f]{64}"/g, (signature) => (signature.startsWith('"') ? '"hex"' : 'v1'))
      .replaceAll(/127\.0\.0\.1:\d+/g, 'receiver')
      .replaceAll(/"(date)":"[^"]*"|"(durationMs)":\d+/g, '"$1$2":""'),
  );

interface Started {
  readonly rest: RestApp;
  readonly ids: RouteIds;
}

/** An app with a webhook, and a delivery to it whose first attempt failed: at the same time in each test. */
async function started(): Promise<Started> {
  const rest = await restApp();
  const id = await rest.endpoint(tenant, { headers: { 'x-team': 'blue' } });
  rest.receiver.nextAnswers.push(500);
  const event = await rest.webhooks.emit('post.published', { post_id: 'p1' }, { tenant });
  await rest.settled();
  const { data } = await rest.webhooks.deliveries.list({ tenant }, PAGE);
  return { rest, ids: { ':id': id, ':eventId': event.id, ':deliveryId': data[0]!.id } };
}

async function answered({ rest, ids }: Started, route: keyof typeof CALLS): Promise<unknown> {
  const { status, body } = await rest.call(route.split(' ')[0]!, pathOf(route, ids), {
    headers: { 'x-account': tenant },
    ...(BODIES[route] ? { body: BODIES[route] } : {}),
  });
  expect(status).toBeLessThan(300);
  return body;
}

const routes = Object.keys(CALLS) as (keyof typeof CALLS)[];

describe('WebhooksService', () => {
  let one: Started;
  let rest: RestApp;
  let ids: RouteIds;
  beforeAll(async () => {
    one = await started();
    ({ rest, ids } = one);
  });
  afterAll(() => rest.stop());

  it.each(routes.filter((route) => route.startsWith('GET')))('gives what %s answers', async (route) => {
    expect(await CALLS[route](rest.webhooks, ids)).toEqual(await answered(one, route));
  });

  it.each(routes.filter((route) => !route.startsWith('GET')))('gives what %s answers', async (route) => {
    // Each in an app of its own, since a call changes what the other would find.
    const [other, another] = [await started(), await started()];
    const called = await CALLS[route](other.rest.webhooks, other.ids);
    expect(lasting(called)).toEqual(lasting(await answered(another, route)));
    await Promise.all([other.rest.stop(), another.rest.stop()]);
  });

  it('refuses each call without a tenant, before it reads anything', async () => {
    const ofTenants = routes.filter((route) => !['GET /settings', 'GET /event-types'].includes(route));
    for (const none of [undefined, null, 42]) {
      tenant = none as never;
      const refused = await Promise.all(
        ofTenants.map(async (route) => [
          route,
          await Promise.resolve(CALLS[route](rest.webhooks, ids)).catch((error: WebhooksError) => error.code),
        ]),
      );
      tenant = 'acme';
      expect(refused).toEqual(ofTenants.map((route) => [route, 'webhooks/invalid-input']));
      await expect(rest.webhooks.settings.of(none as never)).rejects.toMatchObject({
        code: 'webhooks/invalid-input',
      });
    }
  });

  it('gives of an emitted event what the log shows of it', async () => {
    const options = { tenant, idempotencyKey: 'post-2' };
    const event = await rest.webhooks.emit('post.published', { post_id: 'p2' }, options);

    expect(event).toEqual({
      id: event.id,
      type: 'post.published',
      test: false,
      idempotencyKey: 'post-2',
      createdAt: new Date(rest.clock.now()).toISOString(),
      body: expect.stringContaining('"data":{"post_id":"p2"}'),
    });
    expect(await rest.webhooks.emit('post.published', {}, options)).toEqual(event);
    expect(await rest.webhooks.events.get(tenant, event.id)).toMatchObject(event);
  });

  it('tells of no lease: while an attempt is being made there is no next one', async () => {
    let release = (): void => undefined;
    const entered = new Promise<void>((resolve) => {
      rest.receiver.nextAnswers.push((_, response) => {
        release = () => response.writeHead(200).end();
        resolve();
      });
    });
    const revived = await rest.webhooks.deliveries.retry(tenant, ids[':deliveryId']!);
    await entered;
    const shown = await rest.webhooks.deliveries.get(tenant, ids[':deliveryId']!);

    for (const delivery of [revived, shown]) {
      expect(delivery).toMatchObject({ status: 'pending', nextAttemptAt: null });
      expect(Object.keys(delivery).filter((key) => /lease|token|tenant/i.test(key))).toEqual([]);
    }
    release();
    await rest.settled();
  });

  it('gives nothing whose change would reach the module or the next caller', async () => {
    const change = async (): Promise<object> => {
      const { data } = await rest.webhooks.events.list({ tenant: 'globex' }, PAGE);
      Object.assign(data[0]!.deliveryCounts, { pending: 9 });
      const settings = rest.webhooks.settings.get();
      settings.retryOffsetsMs.push(1);
      return data[0]!;
    };
    await rest.webhooks.emit('post.created', {}, { tenant: 'globex' });
    await rest.webhooks.emit('post.created', {}, { tenant: 'globex' });
    await change();

    const { data } = await rest.webhooks.events.list({ tenant: 'globex' }, PAGE);
    expect(data.map(({ deliveryCounts }) => deliveryCounts.pending)).toEqual([0, 0]);
    expect(rest.webhooks.settings.get().retryOffsetsMs).not.toContain(1);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a page of %d', async (limit) => {
    const lists = [
      () => rest.webhooks.endpoints.list(tenant, { limit }),
      () => rest.webhooks.deliveries.list({ tenant }, { limit }),
      () => rest.webhooks.deliveries.attempts(tenant, ids[':deliveryId']!, { limit }),
      () => rest.webhooks.events.list({ tenant }, { limit }),
    ];
    for (const list of lists) {
      await expect(list()).rejects.toMatchObject({
        code: 'webhooks/invalid-input',
        message: `limit must be a whole number, 1 or more, got ${limit}.`,
      });
    }
  });
});
