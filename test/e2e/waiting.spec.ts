import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebhookDelivery } from 'nestjs-webhooks';
import { WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';
import { WebhookDeliveryRepository } from '../../lib/persistence/webhook-delivery.repository.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

/** Requests that one endpoint gets at once; what else there is waits for its turn. */
const AT_ONCE = 5;
const EVENTS = 20;
/** The state of the endpoints of what waits is at most this old. */
const WATCH_MS = 250;

describe.each(['sqlite', 'postgres', 'mysql'] as const)(
  'Deliveries that wait for their endpoint’s turn on %s',
  (database) => {
    let t: SendingApp;
    let unanswered: ServerResponse[];
    let endpointId: string;

    beforeEach(async () => {
      t = await sendingApp({ database });
      unanswered = [];
      t.receiver.answer = (_, response) => void unanswered.push(response);
      endpointId = (await t.endpoint()).id;
      for (let n = 0; n < EVENTS; n++) await t.webhooks.emit('post.published', { n }, { tenant: 'acme' });
      await t.receiver.received(AT_ONCE);
    });
    afterEach(() => t.stop());

    const answerAll = async (): Promise<void> => {
      t.receiver.answer = (_, response) => void response.writeHead(200).end();
      for (const response of unanswered) response.writeHead(200).end();
      await t.settled();
    };
    const watched = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3 * WATCH_MS));
    const waitingOnes = (): Promise<WebhookDelivery[]> =>
      t.dataSource.getRepository(WebhookDelivery).findBy({ attemptCount: 0 });

    it('are sent when their turn comes', async () => {
      await answerAll();
      expect(t.receiver.arrivals).toHaveLength(EVENTS);
    });

    it('do not leave any more once the endpoint is deleted', async () => {
      await t.webhooks.endpoints.delete('acme', endpointId);
      await watched();
      await answerAll();
      expect(t.receiver.arrivals).toHaveLength(AT_ONCE);
      expect((await waitingOnes()).every(({ status }) => status === 'canceled')).toBe(true);
    });

    it('do not leave any more once the endpoint is turned off', async () => {
      await t.webhooks.endpoints.update('acme', endpointId, { active: false });
      await watched();
      await answerAll();
      expect(t.receiver.arrivals).toHaveLength(AT_ONCE);
      expect(await waitingOnes()).toHaveLength(EVENTS - AT_ONCE);
      for (const { status, errorCode } of await waitingOnes()) {
        expect({ status, errorCode }).toEqual({ status: 'canceled', errorCode: 'endpoint-inactive' });
      }
    });

    it('go to the URL that the endpoint has by then', async () => {
      await t.webhooks.endpoints.update('acme', endpointId, { url: `${t.receiver.url}/moved` });
      await watched();
      await answerAll();
      const moved = t.receiver.arrivals.filter(({ path }) => path === '/moved');
      expect(moved).toHaveLength(EVENTS - AT_ONCE);
    });
  },
);

describe.each([
  ['in-process', {}],
  ['Bull', { queue: 'bull' }],
  ['Bull, with a runner of its own', { queue: 'bull', ownFirst: true }],
] as const)('A queue entry that comes twice, over the queue %s', (_, options) => {
  it('sends once while the first is under way', async () => {
    const t = await sendingApp(options);
    const unanswered: ServerResponse[] = [];
    t.receiver.answer = ({ path }, response) => {
      if (path === '/hook') unanswered.push(response);
      else response.writeHead(200).end();
    };
    await t.endpoint();
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.receiver.received(1);
    const delivery = await t.dataSource.getRepository(WebhookDelivery).findOneByOrFail({});
    const { id, leaseToken, nextAttemptAt } = delivery;
    const entry = { token: leaseToken!, expiresAt: nextAttemptAt!, deliveryIds: [id] };
    t.app.get<WebhookQueue>(WEBHOOKS_QUEUE).push([entry, entry, entry]);
    // What comes after them has been sent, so they have been looked at.
    await t.endpoint({ tenant: 'globex', url: `${t.receiver.url}/next` });
    await t.webhooks.emit('post.published', {}, { tenant: 'globex' });
    await t.receiver.received(1, '/next');
    for (const response of unanswered) response.writeHead(200).end();
    await t.settled();
    expect(await t.receiver.received(1, '/hook')).toHaveLength(1);
    await t.stop();
  });

  it('sends once where it is read before the first is recorded, and looked at afterwards', async () => {
    const t = await sendingApp(options);
    const unanswered: ServerResponse[] = [];
    t.receiver.answer = (_, response) => void unanswered.push(response);
    await t.endpoint();
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.receiver.received(1);
    const rows = t.dataSource.getRepository(WebhookDelivery);
    const { id, leaseToken, nextAttemptAt } = await rows.findOneByOrFail({});
    const deliveries = t.app.get(WebhookDeliveryRepository);
    const load = deliveries.load.bind(deliveries);
    let look!: () => void;
    const isLate = new Promise<void>((resolve) => (look = resolve));
    const isRead = new Promise<number>((resolve) => {
      deliveries.load = async (batch) => {
        const found = await load(batch);
        resolve(found.length);
        await isLate;
        return found;
      };
    });
    t.app
      .get<WebhookQueue>(WEBHOOKS_QUEUE)
      .push([{ token: leaseToken!, expiresAt: nextAttemptAt!, deliveryIds: [id] }]);
    expect(await isRead).toBe(1);
    t.receiver.answer = 200;
    for (const response of unanswered) response.writeHead(200).end();
    // Its promise has come back a turn after its row has changed.
    for (let isRecorded = false; !isRecorded;) {
      isRecorded = (await rows.findOneByOrFail({})).status === 'succeeded';
      await new Promise((resolve) => setImmediate(resolve));
    }
    look();
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(1);
    await t.stop();
  });
});
