import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { restApp, ROUTES, type RestApp, type RestAppOptions } from '../support/rest-app.js';
import { replicatedDatabase, type ReplicatedDatabase } from '../support/replicated-database.js';
import { BODIES, pathOf, routeIds } from '../support/route-matrix.js';
import { EVENTS } from '../support/sending-app.js';

describe.each(['postgres', 'mariadb'] as const)('On %s with a replica that is behind for good', (kind) => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  const start = async (
    options: RestAppOptions = {},
    replica: { replicaHasTables?: boolean } = {},
  ): Promise<{ rest: RestApp; database: ReplicatedDatabase }> => {
    const database = await replicatedDatabase(kind, replica);
    cleanups.push(() => database.drop());
    const rest = await restApp({ on: database, ...options });
    cleanups.push(() => rest.stop());
    return { rest, database };
  };

  it('answers a write with what was written, from the first request to the last', async () => {
    const { rest } = await start();
    const as = rest.as('acme');
    const created = await as.post('/', { name: 'CRM', url: `${rest.receiver.url}/crm`, events: ['post.*'] });
    expect(created.status).toBe(201);
    const { id } = created.body;
    const renamed = await as.patch(`/${id}`, { name: 'Renamed' });
    expect([renamed.status, renamed.body.name]).toEqual([200, 'Renamed']);
    expect((await as.get(`/${id}`)).body.name).toBe('Renamed');
    expect((await as.get('')).body.data).toHaveLength(1);
    const tested = await as.post(`/${id}/test`, { eventType: 'post.published' });
    expect([tested.status, tested.body.statusCode]).toEqual([200, 200]);
    expect((await as.post(`/${id}/secret/rotate`, { overlap: '1h' })).body.previous).toHaveLength(1);
    expect((await as.post(`/${id}/secret/rotate`, { overlap: '1h' })).body.previous).toHaveLength(2);
    expect((await as.get(`/${id}/secret`)).body.previous).toHaveLength(2);

    rest.receiver.nextAnswers.push({ status: 410 });
    const event = await rest.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await rest.settled();
    const { body } = await as.get(`/events/${event.id}`);
    const [delivery] = body.deliveries;
    expect(delivery.status).toBe('failed');
    expect((await as.get(`/deliveries/${delivery.id}`)).body.attempts).toHaveLength(1);
    expect((await as.get(`/${id}`)).body.disabledReason).toBe('gone');
    expect((await as.patch(`/${id}`, { active: true })).body.active).toBe(true);
    const retried = await as.post(`/deliveries/${delivery.id}/retry`);
    expect(retried.body.status).toBe('pending');
    await rest.settled();
    expect((await as.get(`/deliveries/${delivery.id}`)).body.status).toBe('succeeded');

    rest.receiver.nextAnswers.push({ status: 410 });
    await rest.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await rest.settled();
    await as.patch(`/${id}`, { active: true });
    rest.clock.advance('1m');
    const since = '2020-01-01';
    expect((await as.get(`/${id}/recover?since=${since}`)).body.toResend).toBe(1);
    expect((await as.post(`/${id}/recover`, { since })).body.resent).toBe(1);
    const before = rest.receiver.arrivals.length;
    await rest.after(1_000);
    expect(rest.receiver.arrivals.length).toBe(before + 1);
    expect((await as.delete(`/${id}`)).status).toBe(204);
    expect((await as.get(`/${id}`)).status).toBe(404);
  });

  it('answers every route', async () => {
    const { rest } = await start();
    const ids = await routeIds(rest, 'acme');
    rest.clock.advance('1m');
    const isDeletion = (route: string): boolean => route.startsWith('DELETE');
    // What the others need is deleted last.
    for (const route of ROUTES.toSorted((a, b) => Number(isDeletion(a)) - Number(isDeletion(b)))) {
      const body = BODIES[route];
      const answer = await rest.call(route.split(' ')[0]!, pathOf(route, ids), {
        headers: { 'x-account': 'acme' },
        ...(body ? { body } : {}),
      });
      expect([route, answer.status]).toEqual([
        route,
        expect.toSatisfy((status) => status >= 200 && status < 300),
      ]);
    }
  });

  it('retries what failed, and takes domain events', async () => {
    const { rest } = await start({
      webhooks: {
        events: { ...EVENTS, 'post.created': { on: { on: 'post.made', tenant: 'acme' } } },
      },
    });
    await rest.endpoint('acme');
    rest.receiver.nextAnswers.push({ status: 500 });
    await rest.app.get(EventEmitter2).emitAsync('post.made', { post_id: 'post_1' });
    await rest.settled();
    await rest.after(300_000);
    expect(rest.receiver.arrivals.map(({ headers }) => headers['x-webhook-attempt'])).toEqual(['1', '2']);
  });

  it('keeps to a rate limit with few statements', async () => {
    const { rest, database } = await start();
    await rest.endpoint('acme', { rateLimit: 20 });
    // The replica says for ever that no slot has been taken.
    await database.snapshot();
    const emit = (): Promise<unknown> => rest.webhooks.emit('post.published', {}, { tenant: 'acme' });
    const statements = await rest.statementsOf(async () => {
      for (let round = 0; round < 3; round++) {
        await Promise.all(Array.from({ length: 5 }, emit));
        await rest.settled();
      }
    });
    expect(rest.receiver.arrivals).toHaveLength(15);
    expect(statements.length).toBeLessThan(200);
  });

  it('lists the log, and counts for the charts, as the replica has it', async () => {
    const { rest } = await start();
    const id = await rest.endpoint('acme');
    await rest.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await rest.settled();
    const as = rest.as('acme');
    for (const list of ['/deliveries', `/${id}/deliveries`, '/events']) {
      expect([list, (await as.get(list)).body.data]).toEqual([list, []]);
    }
    expect((await as.get('/stats')).body.total).toMatchObject({ succeeded: 0, retrying: 0, failed: 0 });
  });

  it('starts although the replica has no tables yet', async () => {
    const { rest } = await start({}, { replicaHasTables: false });
    await rest.endpoint('acme');
    await rest.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await rest.settled();
    await vi.waitFor(() => expect(rest.receiver.arrivals).toHaveLength(1));
  });
});
