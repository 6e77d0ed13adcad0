import { expect } from 'vitest';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { Receiver } from './receiver.js';

/** The fields of responses that this file reads. */
interface Answer {
  readonly id: string;
  readonly secret: string;
  readonly data: readonly { readonly id: string; readonly type: string }[];
}

/**
 * Plays a customer of the app in `test/package/apps` over HTTP: calls every route and the dashboard; causes
 * deliveries by a call, a decorator and a domain event; resends one that failed; and rolls back an order, of
 * which nothing arrives.
 */
export async function liveACustomersDay(app: string): Promise<void> {
  const receiver = await Receiver.start();
  const ask = asker(app);
  try {
    const hook = await ask('POST /webhooks', { name: 'Mine', url: receiver.url, events: ['order.*'] });
    const arrived = async (count: number): Promise<unknown> => {
      const arrival = (await receiver.received(count))[count - 1]!;
      return verifyWebhook(arrival.body, arrival.headers, hook.secret);
    };

    const order = await ask('POST /orders', { total: 20 });
    expect(await arrived(1)).toMatchObject({ type: 'order.created', data: { order_id: order.id } });
    await ask('POST /orders', { total: 2000 }, 500);
    const paid = await ask('POST /orders/paid', { total: 30 });
    expect(await arrived(2)).toMatchObject({ type: 'order.paid', data: { order_id: paid.id, total: 30 } });
    await ask('POST /orders/shipped', {});
    expect(await arrived(3)).toMatchObject({ type: 'order.shipped', data: { order_id: 1 } });

    receiver.nextAnswers.push(503);
    expect(await ask(`POST /webhooks/${hook.id}/test`, { eventType: 'order.paid' })).toMatchObject({
      statusCode: 503,
    });
    const events = await ask('GET /webhooks/events');
    expect(events.data.slice(1, 4).map(({ type }) => type)).toEqual([
      'order.shipped',
      'order.paid',
      'order.created',
    ]);
    await manage(ask, hook.id);
    await readAll(ask, hook.id, events.data[0]!.id);
    await ask(`DELETE /webhooks/${hook.id}`, undefined, 204);
    await ask(`GET /webhooks/${hook.id}`, undefined, 404);
  } finally {
    await receiver.stop();
  }
}

async function manage(ask: Ask, id: string): Promise<void> {
  const changed = await ask(`PATCH /webhooks/${id}`, { name: 'Renamed', rateLimit: 100 });
  expect(changed).toMatchObject({ name: 'Renamed', rateLimit: 100 });
  const { secret } = await ask(`GET /webhooks/${id}/secret`);
  const rotated = await ask(`POST /webhooks/${id}/secret/rotate`, { overlap: 0 });
  expect(rotated.secret).not.toBe(secret);
  const { data } = await ask(`GET /webhooks/${id}/deliveries?status=succeeded`);
  await ask(`POST /webhooks/deliveries/${data[0]!.id}/retry`, {});
  await ask(`POST /webhooks/${id}/recover`, { since: new Date(Date.now() - 60_000).toISOString() });
}

async function readAll(ask: Ask, id: string, eventId: string): Promise<void> {
  const { data } = await ask('GET /webhooks/deliveries');
  expect((await ask(`GET /webhooks/deliveries/${data[0]!.id}`)).id).toBe(data[0]!.id);
  expect((await ask(`GET /webhooks/events/${eventId}`)).id).toBe(eventId);
  expect((await ask('GET /webhooks')).data.map((hook) => hook.id)).toContain(id);
  for (const path of [
    'event-types',
    'stats',
    `stats/endpoints?ids=${id}`,
    'settings',
    `${id}/stats`,
    `${id}/recover?since=2026-01-01`,
  ]) {
    await ask(`GET /webhooks/${path}`);
  }
  expect(await ask('GET /webhooks/dashboard')).toContain('<webhooks-dashboard');
  expect(await ask('GET /webhooks/dashboard/element.js')).toContain('webhooks-dashboard');
}

type Ask = (route: string, body?: object, status?: number) => Promise<Answer>;

/**
 * Returns a function that sends requests as the customer `acme`. It throws, with the response, if the status
 * is not the expected one.
 */
function asker(app: string): Ask {
  return async (route, body, status) => {
    const [method, path] = route.split(' ') as [string, string];
    const response = await fetch(app + path, {
      method,
      headers: { 'x-api-key': 'key-of-acme', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (status === undefined ? !response.ok : response.status !== status) {
      throw new Error(`${route} answered ${response.status}: ${text}`);
    }
    return (/json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text) as Answer;
  };
}
