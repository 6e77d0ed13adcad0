import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebhookAttempt, WebhookDelivery } from 'nestjs-webhooks';
import { WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';
import { daily } from '../support/daily.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

/** Requests that one endpoint gets at once; what else there is waits for its turn. */
const AT_ONCE = 5;
const EVENTS = 20;
/** The state of the endpoints of what waits is at most this old. */
const WATCH_MS = 250;

describe.each(daily(['sqlite', 'postgres'], 'mysql'))(
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

    it('run as many at once as the endpoint’s setting allows, as soon as it is set', async () => {
      await t.webhooks.endpoints.update('acme', endpointId, { concurrency: 2 });
      await watched();
      let inFlight = 0;
      let most = 0;
      t.receiver.answer = (_, response) => {
        most = Math.max(most, ++inFlight);
        setTimeout(() => (inFlight--, response.writeHead(200).end()), 5);
      };
      for (const response of unanswered) response.writeHead(200).end();
      await t.settled();
      expect(t.receiver.arrivals).toHaveLength(EVENTS);
      expect(most).toBe(2);
    });

    it('are not sent once the endpoint is deleted', async () => {
      await t.webhooks.endpoints.delete('acme', endpointId);
      await watched();
      await answerAll();
      expect(t.receiver.arrivals).toHaveLength(AT_ONCE);
      expect((await waitingOnes()).every(({ status }) => status === 'canceled')).toBe(true);
    });

    it('are not sent once the endpoint is turned off', async () => {
      await t.webhooks.endpoints.update('acme', endpointId, { active: false });
      await watched();
      await answerAll();
      expect(t.receiver.arrivals).toHaveLength(AT_ONCE);
      expect(await waitingOnes()).toHaveLength(EVENTS - AT_ONCE);
      for (const { status, errorCode } of await waitingOnes()) {
        expect({ status, errorCode }).toEqual({ status: 'canceled', errorCode: 'endpoint-inactive' });
      }
    });

    it('go to the URL that the endpoint has when they are sent', async () => {
      await t.webhooks.endpoints.update('acme', endpointId, { url: `${t.receiver.url}/moved` });
      await watched();
      await answerAll();
      const moved = t.receiver.arrivals.filter(({ path }) => path === '/moved');
      expect(moved).toHaveLength(EVENTS - AT_ONCE);
    });
  },
);

describe.each(['in-process', 'bull'] as const)(
  'An endpoint with much to be sent, over the %s queue',
  (queue) => {
    const change = {
      deleted: (t: SendingApp, id: string) => t.webhooks.endpoints.delete('acme', id),
      'turned off': (t: SendingApp, id: string) => t.webhooks.endpoints.update('acme', id, { active: false }),
    };

    it.each(Object.entries(change))(
      'gets no request a quarter of a second after it was %s, and all are in the log',
      async (_, end) => {
        const t = await sendingApp({ database: 'postgres', queue, clock: false });
        const times: number[] = [];
        t.receiver.answer = (_arrival, response) => {
          times.push(performance.now());
          setTimeout(() => response.writeHead(200).end(), 20);
        };
        const { id } = await t.endpoint();
        const emits = Array.from({ length: 2_000 }, (_unused, n) =>
          t.webhooks.emit('post.published', { n }, { tenant: 'acme' }),
        );
        await Promise.all(emits);
        await t.receiver.received(50);
        await end(t, id);
        const answeredAt = performance.now();
        await t.settled();
        expect(times.length).toBeLessThan(2_000);
        expect(times.at(-1)! - answeredAt).toBeLessThan(WATCH_MS);
        expect(await t.dataSource.getRepository(WebhookAttempt).count()).toBe(times.length);
        await t.after(0);
        const left = await t.dataSource.getRepository(WebhookDelivery).countBy({ status: 'pending' });
        expect(left).toBe(0);
        await t.stop();
      },
    );
  },
);

describe.each([
  ['in-process', {}],
  ['Bull', { queue: 'bull' }],
  ['Bull, with a worker of its own', { queue: 'bull', ownFirst: true }],
] as const)('Wake-ups that come again and again, over the queue %s', (_, options) => {
  it('send nothing twice', async () => {
    const t = await sendingApp(options);
    const unanswered: ServerResponse[] = [];
    t.receiver.answer = ({ path }, response) => {
      if (path === '/hook') unanswered.push(response);
      else response.writeHead(200).end();
    };
    await t.endpoint();
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.receiver.received(1);
    const queue = t.app.get<WebhookQueue>(WEBHOOKS_QUEUE);
    for (let n = 0; n < 3; n++) queue.wake();
    // What comes after them has been sent, so they have been heard.
    await t.endpoint({ tenant: 'globex', url: `${t.receiver.url}/next` });
    await t.webhooks.emit('post.published', {}, { tenant: 'globex' });
    await t.receiver.received(1, '/next');
    for (const response of unanswered) response.writeHead(200).end();
    await t.settled();
    expect(await t.receiver.received(1, '/hook')).toHaveLength(1);
    await t.stop();
  });
});
