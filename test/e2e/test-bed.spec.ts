import { setTimeout } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  EmitsWebhook,
  UnknownWebhookEventTypeError,
  WebhooksModule,
  WebhooksService,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import {
  WebhookTestClock,
  WebhookRecorder,
  WebhooksTestBed,
  WebhooksTestSetupError,
  type WebhookTestReceiver,
} from 'nestjs-webhooks/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { typeOrm } from '../support/bare-app.js';
import { createDatabase, type DatabaseKind } from '../support/databases.js';
import { redisFor } from '../support/redis.js';

/** As an app has it in production: no destination of this machine, and signatures in a header of its own. */
const PRODUCTION = {
  events: { 'order.paid': {}, 'order.closed': {} },
  api: false,
  signature: { header: 'X-Acme-Signature' },
} satisfies WebhooksModuleOptions;

class Orders {
  @EmitsWebhook('order.closed')
  async close(id: string): Promise<{ id: string }> {
    return { id };
  }
}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function builderOf(
  kind: DatabaseKind | 'memory',
  webhooks: Partial<WebhooksModuleOptions> = {},
): Promise<ReturnType<typeof Test.createTestingModule>> {
  const database =
    kind === 'memory'
      ? { options: { type: 'better-sqlite3' as const, database: ':memory:' }, drop: async () => undefined }
      : await createDatabase(kind);
  cleanups.push(() => database.drop());
  return Test.createTestingModule({
    imports: [typeOrm(database as never), WebhooksModule.forRoot({ ...PRODUCTION, ...webhooks })],
    providers: [Orders],
  });
}

async function started(builder: ReturnType<typeof Test.createTestingModule>): Promise<INestApplication> {
  const app = (await builder.compile()).createNestApplication({ logger: false });
  await app.init();
  cleanups.push(() => app.close());
  return app;
}

interface BedTest {
  readonly app: INestApplication;
  readonly bed: WebhooksTestBed;
  readonly receiver: WebhookTestReceiver;
  readonly webhooks: WebhooksService;
}

async function testBed(
  kind: DatabaseKind | 'memory' = 'memory',
  webhooks: Partial<WebhooksModuleOptions> = {},
  options: Parameters<typeof WebhooksTestBed.for>[1] = {},
): Promise<BedTest> {
  const builder = await builderOf(kind, webhooks);
  const bed = WebhooksTestBed.for(builder, options);
  const app = await started(builder);
  const receiver = await bed.startReceiver();
  cleanups.push(() => receiver.stop());
  return { app, bed, receiver, webhooks: app.get(WebhooksService) };
}

describe.each<[string, DatabaseKind | 'memory', () => Partial<WebhooksModuleOptions>]>([
  ['SQLite in memory', 'memory', () => ({})],
  ['PostgreSQL', 'postgres', () => ({})],
  ['PostgreSQL, by Bull', 'postgres', () => redisFor()],
  ['PostgreSQL, in a process that does not deliver', 'postgres', () => ({ worker: false })],
])('WebhooksTestBed, on %s', (_name, kind, options) => {
  it('delivers to a receiver of this machine what the app signs', async () => {
    const { app, bed, receiver } = await testBed(kind, options());
    await bed.register(receiver, { events: ['order.*'] });
    await app.get(Orders).close('o1');
    await bed.deliverDue();
    expect(receiver.received).toMatchObject([{ verified: true, attempt: 1, data: { id: 'o1' } }]);
  });

  it('makes each attempt of the retry schedule at its own time, and none before', async () => {
    const { bed, receiver, webhooks } = await testBed(kind, options());
    await bed.register(receiver);
    const start = bed.clock.now();
    receiver.respondWith(500);
    await webhooks.emit('order.paid', {});
    await bed.deliverDue();
    await bed.advance('299s');
    expect(receiver.received).toHaveLength(1);
    await bed.advance('1s');
    expect(receiver.received).toHaveLength(2);
    await bed.advance('3h');
    const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
    const first = Math.floor(start / 1_000);
    expect(times.map((seconds) => seconds - first)).toEqual([0, 300, 900, 1_800, 3_600, 7_200]);
    expect(receiver.received.every(({ verified }) => verified)).toBe(true);
    expect(bed.clock.now()).toBe(start + 300_000 + 3 * 3_600_000);
  });
});

describe('WebhooksTestBed', () => {
  it('sends nothing that is due later, however much real time passes', async () => {
    const { bed, receiver, webhooks } = await testBed('memory', { delivery: { pollInterval: 10 } });
    await bed.register(receiver);
    receiver.respondNext(500);
    await webhooks.emit('order.paid', {});
    await bed.deliverDue();
    bed.clock.advance('5m');
    await setTimeout(100);
    expect(receiver.received).toHaveLength(1);
    await bed.deliverDue();
    expect(receiver.received).toHaveLength(2);
  });

  it.each([
    ['envelope', true],
    ['standard-webhooks', true],
    ['cloudevents', true],
    ['cloudevents-binary', true],
    ['slack', false],
    ['teams', false],
    ['other', false, { template: { order: '{{data.id}}' } }],
    ['other', false, 'line'],
  ])(
    'verifies and reads an event in the representation %s',
    async (representation, isEvent, chosen?: unknown) => {
      const representations = {
        line: { contentType: 'text/plain', body: ({ data }: { data: unknown }) => JSON.stringify(data) },
      };
      const { app, bed, receiver } = await testBed('memory', { representations });
      await bed.register(receiver, { representation: (chosen ?? representation) as string });
      await app.get(Orders).close('ü1');
      await bed.deliverDue();
      const [arrival] = receiver.received;
      expect(arrival).toMatchObject({ representation, verified: true, id: expect.stringMatching(/^evt_/) });
      expect(arrival!.type).toBe(isEvent ? 'order.closed' : '');
      if (isEvent) expect(arrival!.data).toMatchObject({ id: 'ü1' });
      else expect(JSON.stringify(arrival!.data)).toContain('ü1');
    },
  );

  it('registers for the tenant and the types that it is told', async () => {
    const { bed, receiver, webhooks } = await testBed();
    const endpoint = await bed.register(receiver, { tenant: 'acme', events: ['order.paid'], name: 'Shop' });
    expect(endpoint).toMatchObject({ name: 'Shop', url: `${receiver.url}/webhooks` });
    await webhooks.emit('order.paid', { n: 1 }, { tenant: 'globex' });
    await webhooks.emit('order.closed', { n: 2 }, { tenant: 'acme' });
    await webhooks.emit('order.paid', { n: 3 }, { tenant: 'acme' });
    await bed.deliverDue();
    expect(receiver.received.map(({ data }) => data)).toEqual([{ n: 3 }]);
  });

  it('refuses what production refuses, but for this machine', async () => {
    const { webhooks } = await testBed();
    for (const url of ['https://10.0.0.1/hook', 'https://127.0.0.2/hook', 'https://localhost/hook']) {
      const created = webhooks.endpoints.create('', { name: 'Inside', url, events: ['*'] });
      await expect(created).rejects.toMatchObject({ code: 'webhooks/invalid-input' });
    }
  });

  it('waits for a receiver that hangs no longer than it is told', async () => {
    const { bed, receiver, webhooks } = await testBed('memory', {}, { timeout: '100ms' });
    await bed.register(receiver);
    receiver.respondNext('hang');
    await webhooks.emit('order.paid', {});
    await bed.advance('5m');
    expect(receiver.received.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('runs on the clock that it is given', async () => {
    const clock = new WebhookTestClock(Date.parse('2030-05-01T12:00:00Z'));
    const { bed, receiver, webhooks } = await testBed('memory', {}, { clock });
    await bed.register(receiver);
    await webhooks.emit('order.paid', {});
    const { body, verified } = await receiver.next();
    expect(body).toContain('"created_at":"2030-05-01T12:00:00Z"');
    expect(verified).toBe(true);
  });

  it('says what to do where it is used before the app, or without WebhooksModule', async () => {
    const bed = WebhooksTestBed.for(await builderOf('memory'));
    await expect(bed.deliverDue()).rejects.toThrow(WebhooksTestSetupError);
    await expect(bed.advance('a while' as never)).rejects.toThrow('"a while" is not a duration');
    const other = Test.createTestingModule({});
    const unused = WebhooksTestBed.for(other);
    await started(other);
    await expect(unused.deliverDue()).rejects.toThrow('There is no app with WebhooksModule yet.');
  });
});

describe('WebhookRecorder.for', () => {
  it('records what a whole app emits, which stores and sends none of it', async () => {
    const builder = await builderOf('memory');
    const recorder = WebhookRecorder.for<{ 'order.closed': { id: string } }>(builder);
    const app = await started(builder);
    const webhooks = app.get(WebhooksService);
    await webhooks.endpoints.create('', { name: 'Shop', url: 'https://example.com/', events: ['*'] });
    await app.get(Orders).close('o1');
    await webhooks.emit('order.paid', {});
    expect(recorder.emitted('order.closed')).toEqual([{ id: 'o1' }]);
    expect(recorder.emitted()).toHaveLength(2);
    expect((await webhooks.events.list({ tenant: '' }, { limit: 50 })).data).toEqual([]);
  });

  it('refuses by the rules of the app', async () => {
    const tenant = (): string => 'acme';
    const builder = await builderOf('memory', {
      api: { public: true, tenant },
      dashboard: false,
      limits: { bodyBytes: 150 },
    });
    const recorder = WebhookRecorder.for(builder);
    const webhooks = (await started(builder)).get(WebhooksService);
    await expect(webhooks.emit('order.piad', {}, { tenant: 'acme' })).rejects.toThrow(
      UnknownWebhookEventTypeError,
    );
    await expect(webhooks.emit('order.paid', {})).rejects.toMatchObject({ option: 'tenant' });
    const large = { text: 'x'.repeat(150) };
    await expect(webhooks.emit('order.paid', large, { tenant: 'acme' })).rejects.toMatchObject({
      limit: 150,
    });
    expect(recorder.emitted()).toEqual([]);
  });
});
