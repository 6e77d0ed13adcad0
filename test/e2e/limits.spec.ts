import { afterEach, describe, expect, it } from 'vitest';
import { WebhookTestClock } from 'nestjs-webhooks/testing';
import { migratedDatabase } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import {
  ADAPTERS,
  restApp,
  type RestAnswer,
  type RestApp,
  type RestAppOptions,
} from '../support/rest-app.js';
import { dump, ENDPOINT } from '../support/route-matrix.js';
import { sendingApp } from '../support/sending-app.js';

const DATABASES = daily(['sqlite', 'postgres'], 'mysql');
const EVENT_TYPE = { eventType: 'post.created' };

let rest: RestApp | undefined;
afterEach(async () => {
  await rest?.stop();
  rest = undefined;
});

const start = async (
  limits: object,
  options: Pick<RestAppOptions, 'adapter' | 'database'> = {},
): Promise<RestApp> => (rest = await restApp({ ...options, webhooks: { limits } }));
const together = <Result>(count: number, work: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, work));
const countOf = (answers: readonly RestAnswer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;
const tooMany = (limit: string, seconds: number) => ({
  status: 429,
  headers: expect.objectContaining({ 'retry-after': String(seconds) }),
  body: {
    statusCode: 429,
    code: 'webhooks/too-many-requests',
    message: `There can be ${limit} a minute, and there were. Try again in ${seconds} s.`,
  },
});

describe.each(DATABASES)('On %s', (database) => {
  it('20 concurrent creates reach the quota of endpoints and do not exceed it', async () => {
    const { as, endpoint } = await start({ endpointsPerTenant: 5 }, { database });
    for (let existing = 0; existing < 3; existing++) await endpoint('acme');

    const [acme, globex] = await Promise.all([
      together(20, () => as('acme').post('/', ENDPOINT)),
      together(5, () => as('globex').post('/', ENDPOINT)),
    ]);

    expect([countOf(acme, 201), countOf(acme, 409), countOf(globex, 201)]).toEqual([2, 18, 5]);
    expect((await as('acme').get('/')).body.data).toHaveLength(5);
  });

  it('the first creates of a tenant do not exceed the quota either', async () => {
    const { as } = await start({ endpointsPerTenant: 1 }, { database });

    const answers = await together(20, () => as('acme').post('/', ENDPOINT));

    expect([countOf(answers, 201), countOf(answers, 409)]).toEqual([1, 19]);
  });

  it('concurrent tests do not exceed their limit, and refused ones leave no row', async () => {
    const { as, endpoint, receiver, clock, webhooks } = await start({ testsPerMinute: 3 }, { database });
    const id = await endpoint('acme');
    const others = await endpoint('globex');
    await webhooks.emit('post.created', {}, { tenant: 'globex' });

    const answers = await together(10, () => as('acme').post(`/${id}/test`, EVENT_TYPE));

    expect([countOf(answers, 200), countOf(answers, 429)]).toEqual([3, 7]);
    expect((await as('acme').get('/deliveries')).body.data).toHaveLength(3);
    expect((await as('acme').get('/events')).body.data).toHaveLength(3);
    expect(receiver.arrivals.filter(({ path }) => path === '/acme')).toHaveLength(3);
    expect((await as('globex').post(`/${others}/test`, EVENT_TYPE)).status).toBe(200);
    clock.advance('59s');
    expect(await as('acme').post(`/${id}/test`, EVENT_TYPE)).toMatchObject(tooMany('3 tests', 1));
    const draft = { ...EVENT_TYPE, url: receiver.url };
    expect(await as('acme').post('/test', draft)).toMatchObject(tooMany('3 tests', 1));
    clock.advance('1s');
    const mixed = await together(5, () => as('acme').post('/test', draft));
    expect([countOf(mixed, 200), countOf(mixed, 429)]).toEqual([3, 2]);
    expect((await as('acme').post(`/${id}/test`, EVENT_TYPE)).status).toBe(429);
  });
});

describe('Over several processes', () => {
  it.each(daily(['postgres', 'mysql'], 'mariadb'))('tests are counted together, on %s', async (kind) => {
    const on = await migratedDatabase(kind);
    const clock = new WebhookTestClock();
    const options = { on, clock, webhooks: { limits: { testsPerMinute: 5, endpointsPerTenant: 4 } } };
    const apps = await Promise.all([sendingApp(options), sendingApp(options)]);
    const { id } = await apps[0].endpoint();

    const tests = await Promise.allSettled(
      apps.flatMap(({ webhooks }) =>
        Array.from({ length: 8 }, () => webhooks.deliveries.test('acme', id, 'post.created')),
      ),
    );
    const creates = await Promise.allSettled(
      apps.flatMap(({ endpoint }) => Array.from({ length: 8 }, () => endpoint())),
    );

    expect(tests.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(creates.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const result of [...tests, ...creates].filter((one) => one.status === 'rejected')) {
      expect(result.reason.code).toMatch(/^webhooks\/(too-many-requests|endpoint-quota)$/);
    }
    await Promise.all(apps.map((app) => app.stop()));
    await on.drop();
  });
});

describe.each(ADAPTERS)('Resends on %s', (adapter) => {
  const failed = async (app: RestApp, count: number): Promise<{ id: string; deliveries: string[] }> => {
    const id = await app.endpoint('acme');
    app.receiver.answer = 410;
    for (let made = 0; made < count; made++) {
      await app.webhooks.emit('post.created', {}, { tenant: 'acme' });
      await app.settled();
      await app.as('acme').patch(`/${id}`, { active: true });
    }
    const { body } = await app.as('acme').get('/deliveries');
    app.receiver.answer = 200;
    app.clock.advance('1m');
    return { id, deliveries: body.data.map((delivery: { id: string }) => delivery.id) };
  };

  it('are a 429 past their limit, which changes nothing, and are taken again later', async () => {
    const app = await start({ resendsPerMinute: 2 }, { adapter });
    const as = app.as('acme');
    const { id, deliveries } = await failed(app, 3);
    const retry = (index: number): Promise<RestAnswer> => as.post(`/deliveries/${deliveries[index]}/retry`);
    expect((await retry(0)).status).toBe(202);
    app.clock.advance('20s');
    expect((await retry(1)).status).toBe(202);
    await app.settled();
    const before = await dump(app.dataSource);

    const refused = [await retry(2), await as.post(`/${id}/recover`, { since: '2025-01-01' })];

    for (const answer of refused) expect(answer).toMatchObject(tooMany('2 resends and recoveries', 40));
    expect(await dump(app.dataSource)).toBe(before);
    app.clock.advance('40s');
    expect((await retry(2)).status).toBe(202);
  });

  it('count a recovery once, however much it sends', async () => {
    const app = await start({ resendsPerMinute: 2 }, { adapter });
    const { id, deliveries } = await failed(app, 3);
    const as = app.as('acme');

    const recovered = await as.post(`/${id}/recover`, { since: '2025-01-01' });

    expect(recovered.body).toEqual({ resent: 3, created: 0 });
    await app.after(0);
    expect((await as.post(`/deliveries/${deliveries[0]}/retry`)).status).toBe(202);
    expect((await as.post(`/deliveries/${deliveries[1]}/retry`)).status).toBe(429);
  });

  it('that failed do not count', async () => {
    const app = await start({ resendsPerMinute: 1 }, { adapter });
    const { id, deliveries } = await failed(app, 1);
    const as = app.as('acme');
    const retry = (): Promise<RestAnswer> => as.post(`/deliveries/${deliveries[0]}/retry`);

    expect((await as.post(`/deliveries/dlv_${'0'.repeat(32)}/retry`)).status).toBe(404);
    expect((await app.as('globex').post(`/deliveries/${deliveries[0]}/retry`)).status).toBe(404);
    expect((await as.post(`/${id}/recover`, { since: '2999-01-01' })).status).toBe(400);
    await as.patch(`/${id}`, { active: false });
    expect((await retry()).status).toBe(409);
    await as.patch(`/${id}`, { active: true });

    expect((await retry()).status).toBe(202);
    expect((await retry()).status).toBe(429);
  });
});
