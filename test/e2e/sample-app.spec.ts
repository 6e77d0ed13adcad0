import { EventEmitter2 } from '@nestjs/event-emitter';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { WebhookDeliveryLifecycleEvent } from 'nestjs-webhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalyticsSchedule } from '../../sample-app/analytics/analytics.schedule.js';
import { readEnvironment } from '../../sample-app/config/environment.js';
import { PLATFORM_TYPES } from '../../sample-app/platforms/platform-types.js';
import { explain } from '../../sample-app/start-error.js';
import { eventCatalogue } from '../../sample-app/webhooks/event-catalogue.js';
import type { RunningApp } from '../../sample-app/start.js';
import {
  sampleDatabase,
  sampleRedisUrl,
  startSampleApp,
  type SampleDatabase,
} from '../support/sample-app.js';
import { SAMPLE_CAUSES } from '../support/sample-causes.js';
import { SampleClient, type Json } from '../support/sample-client.js';
import { SampleCustomer, type CustomerArrival } from '../support/sample-customer.js';
import { STACKS_BY_QUEUE } from '../support/stacks.js';

const TYPES = Object.keys(eventCatalogue);

interface Schema {
  readonly properties: Json;
  readonly required: readonly string[];
}

interface DemoState {
  readonly arrivals: readonly {
    readonly eventType: string;
    readonly attempt: number;
    readonly signatures: object;
    readonly answer: number;
  }[];
}

/** The payloads that the webhook guide for customers shows. */
const GUIDE_EXAMPLES: Readonly<Record<string, object>> = {
  'platform.connected': {
    platform_id: 'platform_123',
    platform_type: 'instagram',
    username: 'your_account',
  },
  'post.published': {
    post_id: 'post_123',
    platform: 'twitter',
    content: 'Check out our new product!',
    url: 'https://twitter.com/your_account/status/123456',
    published_at: '2023-05-15T14:22:00Z',
  },
};

/** For the app, MariaDB and MySQL are one. */
const SAMPLE_STACKS = STACKS_BY_QUEUE.filter(({ database }) => database !== 'mariadb');

describe.each(SAMPLE_STACKS)('The sample app on $name', ({ database: kind, queue }) => {
  let database: SampleDatabase;
  let running: RunningApp;
  let acme: SampleClient;
  let globex: SampleClient;
  let customer: SampleCustomer;
  let customerOfGlobex: SampleCustomer;
  let webhookId: string;

  beforeAll(async () => {
    database = await sampleDatabase(kind);
    running = await startSampleApp({
      DEMO: '1',
      WEBHOOKS_ALLOW_LOCAL: '1',
      WEBHOOKS_RETRY_SCHEDULE: '10ms,20ms,30ms',
      WEBHOOKS_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
      DATABASE_URL: database.url,
      REDIS_URL: sampleRedisUrl(queue, 9),
      MONITORING_TOKEN: 'for-prometheus',
    });
    acme = new SampleClient(running.url, 'demo-acme');
    globex = new SampleClient(running.url, 'demo-globex');
    customer = await SampleCustomer.start();
    customerOfGlobex = await SampleCustomer.start();
    ({ id: webhookId, secret: customer.secret } = await acme.addWebhook(customer.url));
    ({ secret: customerOfGlobex.secret } = await globex.addWebhook(customerOfGlobex.url));
  });

  afterAll(async () => {
    await running?.app.close();
    await customer?.stop();
    await customerOfGlobex?.stop();
    await database?.drop();
  });

  it('tells whoever has the token of its health and its metrics, and nobody else', async () => {
    const get = (path: string, token: string): Promise<Response> =>
      fetch(`${running.url}/monitoring/${path}`, { headers: { authorization: `Bearer ${token}` } });
    const health = await get('health', 'for-prometheus');
    expect(await health.json()).toMatchObject({ status: 'ok', info: { webhooks: { status: 'up' } } });
    const metrics = await get('metrics', 'for-prometheus');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await metrics.text()).toContain('# TYPE nestjs_webhooks_attempts_total counter');
    for (const path of ['health', 'metrics']) expect((await get(path, 'demo-acme')).status).toBe(401);
  });

  it('has a cause for every event type of its catalogue', () => {
    expect(SAMPLE_CAUSES.map(({ type }) => type).sort()).toEqual([...TYPES].sort());
    expect(TYPES).toHaveLength(17);
  });

  it.each(SAMPLE_CAUSES)(
    'sends $type when it happens, and the customer accepts it',
    async ({ type, cause }) => {
      const data = await cause(acme);
      const [key = ''] = Object.keys(data);
      const arrival = await customer.arrival((one) => one.type === type && one.data[key] === data[key]);

      expect(arrival.data).toEqual(data);
      expect(arrival.accepted).toBe(true);
      await expectDocumented(arrival);
    },
  );

  it.each(TYPES)('sends the example of %s as a test', async (eventType) => {
    const outcome = await acme.do('POST', `/api/webhooks/${webhookId}/test`, { eventType });
    expect(outcome).toMatchObject({ outcome: 'succeeded', statusCode: 200 });

    const arrival = await customer.arrival(({ id }) => id === outcome.eventId);
    expect(arrival).toMatchObject({
      type: eventType,
      accepted: true,
      data: eventCatalogue[eventType]?.example,
    });
    await expectDocumented(arrival);
  });

  it.each(Object.entries(GUIDE_EXAMPLES))(
    'sends the guide’s payload of %s as its test',
    async (type, data) => {
      const { eventId } = await acme.do('POST', `/api/webhooks/${webhookId}/test`, { eventType: type });
      const arrival = await customer.arrival(({ id }) => id === eventId);
      expect(arrival).toMatchObject({ type, accepted: true });
      expect(arrival.data).toEqual(data);
    },
  );

  it('publishes a post on each platform that can be connected, and names it as the guide does', async () => {
    for (const type of PLATFORM_TYPES) {
      const connection = await acme.do('POST', '/api/platforms', { type, username: 'your_account' });
      const post = await acme.publishPost(String(connection.id), `On ${type}`);
      const arrival = await customer.arrival(
        (one) => one.type === 'post.published' && one.data.post_id === post,
      );
      expect(arrival.data.platform).toBe(type);
      if (type !== 'twitter') continue;
      expect(arrival.data.url).toMatch(/^https:\/\/twitter\.com\/your_account\/status\/\w+$/);
    }
  });

  it('keeps what belongs to one account from the other', async () => {
    const ofGlobex = await globex.connectPlatform('globex.only');
    await customerOfGlobex.arrival(({ data }) => data.platform_id === ofGlobex);
    const ofAcme = await acme.connectPlatform('acme.only');
    await customer.arrival(({ data }) => data.platform_id === ofAcme);

    expect(customer.arrivals.filter(({ data }) => data.platform_id === ofGlobex)).toEqual([]);
    expect(customerOfGlobex.arrivals.map(({ data }) => data.platform_id)).toEqual([ofGlobex]);
    for (const path of [`/api/webhooks/${webhookId}`, `/api/webhooks/${webhookId}/secret`]) {
      expect(await globex.call('GET', path)).toMatchObject({ status: 404 });
    }
    expect(await globex.call('PATCH', `/api/platforms/${ofAcme}`, { username: 'x' })).toMatchObject({
      status: 404,
    });
  });

  it('lets nobody in without a key', async () => {
    const anybody = new SampleClient(running.url);
    const guesser = new SampleClient(running.url, 'demo-initech');
    for (const path of ['/api/posts', '/api/webhooks', '/api/webhooks/event-types']) {
      expect(await anybody.call('GET', path)).toMatchObject({ status: 401 });
      expect(await guesser.call('GET', path)).toMatchObject({ status: 401 });
    }
  });

  it('publishes a post and says so once, however often it is asked to at the same time', async () => {
    const platformId = await acme.connectPlatform('acme.once');
    const { id } = await acme.do('POST', '/api/posts', { platformId, content: 'Once' });
    const path = `/api/posts/${String(id)}/publish`;
    const answers = await Promise.all([1, 2, 3].map(() => acme.call('POST', path)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);

    const after = await acme.publishPost(platformId, 'After');
    await customer.arrival(({ type, data }) => type === 'post.published' && data.post_id === after);
    const published = customer.arrivals.filter(
      ({ type, data }) => type === 'post.published' && data.post_id === id,
    );
    expect(published).toHaveLength(1);
  });

  it('sends what is scheduled once, however many processes run the schedule', async () => {
    const post = await acme.publishPost(await acme.connectPlatform('acme.trend'), 'A #scheduled trend');
    for (const username of ['jane', 'john', 'max']) {
      await acme.do('POST', `/api/posts/${post}/engagements`, { kind: 'like', username });
    }
    const schedule = running.app.get(AnalyticsSchedule, { strict: false });
    for (let processes = 0; processes < 2; processes++) {
      await schedule.summariseYesterday();
      await schedule.summariseLastWeek();
      await schedule.detectTrends();
    }
    expect(await keysOf('analytics.daily_summary')).toEqual([expect.stringMatching(/^daily-summary:/)]);
    expect(await keysOf('analytics.weekly_summary')).toEqual([expect.stringMatching(/^weekly-summary:/)]);
    const trends = await keysOf('analytics.trend_detected');
    expect(trends.filter((key) => key.endsWith(':#scheduled'))).toHaveLength(1);
  });

  it('shows in its demo receiver that both signatures are right, and sends again what that fails', async () => {
    const { id } = await acme.addWebhook(`${running.url}/demo/receiver/failing`, ['message.received']);
    await acme.do('POST', '/demo/receiver/failing/fail', { times: 2 });
    const delivered = new Promise<void>((resolve) => {
      const onSucceeded = ({ endpointId }: WebhookDeliveryLifecycleEvent): void => {
        if (endpointId === id) resolve();
      };
      running.app.get(EventEmitter2).on('webhooks.delivery.succeeded', onSucceeded);
    });
    const platformId = await acme.connectPlatform('acme.failing');
    await acme.do('POST', '/api/messages', { platformId, username: 'jane', content: 'Hello?' });
    await delivered;

    const { arrivals } = await acme.do<DemoState>('GET', '/demo/receiver/failing/arrivals');
    const signatures = { hex: true, standard: true };
    expect(arrivals).toMatchObject([
      { eventType: 'message.received', attempt: 1, answer: 500, signatures },
      { eventType: 'message.received', attempt: 2, answer: 500, signatures },
      { eventType: 'message.received', attempt: 3, answer: 200, signatures },
    ]);
  });

  it('verifies in its demo receiver with the secret of a visitor too', async () => {
    const path = '/demo/receiver/visitor';
    const { id, secret } = await acme.addWebhook(running.url + path, ['post.*']);
    const verdicts = async (): Promise<unknown[]> => {
      await acme.do('POST', `/api/webhooks/${id}/test`, { eventType: 'post.created' });
      const { arrivals } = await acme.do<DemoState>('GET', `${path}/arrivals`);
      return arrivals.map(({ signatures }) => signatures);
    };
    await acme.do('PUT', `${path}/secret`, { secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` });
    const wrong = { hex: false, standard: false };
    const right = { hex: true, standard: true };
    expect(await verdicts()).toEqual([wrong]);
    await acme.do('PUT', `${path}/secret`, { secret });
    expect(await verdicts()).toEqual([wrong, right]);
    await acme.do('DELETE', `${path}/secret`);
    await acme.do('POST', `/api/webhooks/${id}/secret/rotate`, { overlap: 0 });
    expect(await verdicts()).toEqual([wrong, right, right]);
  });

  it('refuses an import that is not CSV, and takes what it has exported', async () => {
    const platformId = await acme.connectPlatform('acme.import');
    const refused = await acme.call('POST', '/api/imports', {
      resource: 'posts',
      platformId,
      csv: 'content\na"b\n',
    });
    expect(refused).toMatchObject({ status: 400, body: { message: expect.stringContaining('Record 2') } });

    const content = 'Two lines,\r\nand "quotes"';
    await acme.do('POST', '/api/imports', { resource: 'posts', platformId, rows: [{ content }] });
    const { id } = await acme.do('POST', '/api/exports', { resource: 'posts', format: 'csv' });
    const exported = await fetch(`${running.url}/api/exports/${String(id)}/content`, {
      headers: { authorization: 'Bearer demo-acme' },
    });
    const again = { resource: 'posts', platformId, csv: await exported.text() };
    expect(await acme.do('POST', '/api/imports', again)).toMatchObject({ rejectedCount: 0 });
    const posts = await acme.do<readonly { content: string }[]>('GET', '/api/posts');
    expect(posts.filter((post) => post.content === content)).toHaveLength(2);
  });

  it('adds its demo webhook once, and forgets the demo keys where it is no demo any more', async () => {
    const { data } = await acme.do<{ data: { name: string; url: string }[] }>('GET', '/api/webhooks');
    const demo = { name: 'Demo receiver', url: `${running.url}/demo/receiver/acme` };
    expect(data.filter(({ name }) => name === demo.name)).toMatchObject([demo]);

    const own = await sampleDatabase(kind);
    const first = await startSampleApp({ DEMO: '1', WEBHOOKS_ALLOW_LOCAL: '1', DATABASE_URL: own.url });
    await first.app.close();
    const again = await startSampleApp({ DEMO: '1', WEBHOOKS_ALLOW_LOCAL: '1', DATABASE_URL: own.url });
    expect(again.demo).toEqual(first.demo);
    const listed = await new SampleClient(again.url, 'demo-acme').do<{ data: object[] }>(
      'GET',
      '/api/webhooks',
    );
    expect(listed.data).toMatchObject([{ url: `${again.url}/demo/receiver/acme` }]);
    await again.app.close();

    const serious = await startSampleApp({ ACCOUNT_API_KEYS: 'acme:a-real-key', DATABASE_URL: own.url });
    const open = async (key: string): Promise<number> =>
      (await new SampleClient(serious.url, key).call('GET', '/api/posts')).status;
    expect(await open('demo-acme')).toBe(401);
    expect(await open('a-real-key')).toBe(200);
    expect((await fetch(`${serious.url}/demo/receiver`)).status).toBe(404);
    await serious.app.close();
    await own.drop();
  });

  async function keysOf(eventType: string): Promise<string[]> {
    const { data } = await acme.do<{ data: { idempotencyKey: string | null }[] }>(
      'GET',
      `/api/webhooks/events?limit=250&eventType=${eventType}`,
    );
    return data.map(({ idempotencyKey }) => idempotencyKey).filter((key) => key !== null);
  }

  async function expectDocumented({ type, data }: CustomerArrival): Promise<void> {
    const payload = eventCatalogue[type]?.payload ?? Object;
    const rules = { whitelist: true, forbidNonWhitelisted: true };
    expect(await validate(plainToInstance(payload, data), rules)).toEqual([]);

    const types = await acme.do<{ data?: { type: string; schema: Schema }[] }>(
      'GET',
      '/api/webhooks/event-types',
    );
    const documented = (types.data ?? []).find((one) => one.type === type);
    expect(Object.keys(documented?.schema.properties ?? {}).sort()).toEqual(Object.keys(data).sort());
  }
});

describe('The environment of the sample app', () => {
  it.each([
    ['PORT', 'http'],
    ['HOST', 'my computer'],
    ['DATABASE_URL', 'mongodb://localhost/roundabout'],
    ['REDIS_URL', 'localhost:6379'],
    ['WEBHOOKS_ALLOW_LOCAL', 'maybe'],
    ['DEMO', 'yes please'],
    ['ACCOUNT_API_KEYS', 'acme'],
    ['ACCOUNT_API_KEYS', 'acme:same,globex:same'],
    ['ACCOUNT_API_KEYS', 'acme:demo-acme'],
    ['WEBHOOKS_RETRY_SCHEDULE', '15m,5m'],
    ['WEBHOOKS_RETRY_SCHEDULE', 'soon'],
    ['WEBHOOKS_ENCRYPTION_KEYS', 'too-short'],
  ])('stops the app with an error that names %s where it is %s', async (variable, value) => {
    const started = startSampleApp({ DATABASE_URL: 'sqlite::memory:', [variable]: value });
    const error: unknown = await started.catch((reason: unknown) => reason);
    expect(explain(error)).toMatch(new RegExp(`^${variable}`));
  });

  it('says nothing of a secret that it refuses', () => {
    for (const variables of [
      { DATABASE_URL: 'oracle://user:hunter2@db' },
      { ACCOUNT_API_KEYS: 'ACME:hunter2' },
    ]) {
      expect(() => readEnvironment(variables)).toThrow(expect.not.stringContaining('hunter2'));
    }
  });
});
