import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { moveWebhooks, outpostWebhooks, svixWebhooks, type MovedWebhook } from 'nestjs-webhooks/moving';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const TEXT_SECRET = 'a secret of old'.replaceAll(' ', '-').padEnd(30, '!');
const TOKEN = 'sk_of_the_other_sender';

/** A server that answers by path, and 401 without the token. */
async function serving(
  answers: Readonly<Record<string, unknown>>,
): Promise<{ url: string; asked: string[]; server: Server }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const answer = request.headers.authorization === `Bearer ${TOKEN}` ? answers[request.url!] : 401;
    if (typeof answer === 'number' || answer === undefined)
      return response.writeHead(answer ?? 404).end('{}');
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server };
}

const svixEndpoint = (id: string, more: object): object => ({
  id,
  description: '',
  version: 1,
  metadata: {},
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  ...more,
});

describe('Moving webhooks here', () => {
  let t: SendingApp;
  let svix: Awaited<ReturnType<typeof serving>>;
  let half: Awaited<ReturnType<typeof serving>>;
  let tenant = 0;
  beforeAll(async () => {
    t = await sendingApp({
      webhooks: {
        signature: { ownSecrets: true },
        encryption: { keys: [Buffer.alloc(32, 1).toString('base64')] },
      },
    });
    const page = (data: object[], iterator: string | null = null): object => ({
      data,
      iterator,
      prevIterator: null,
      done: iterator === null,
    });
    half = await serving({});
    half.server.removeAllListeners('request').on('request', (_, response: ServerResponse) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('{"data":[', () => response.destroy());
    });
    svix = await serving({
      '/api/v1/app?limit=250': page([{ id: 'app_1', uid: 'acme', name: 'Acme', metadata: {} }], 'app_1'),
      '/api/v1/app?limit=250&iterator=app_1': page([
        { id: 'app_2', uid: null, name: 'No uid', metadata: {} },
      ]),
      '/api/v1/app/app_1/endpoint?limit=250': page([
        svixEndpoint('ep_1', {
          url: `${t.receiver.url}/svix`,
          filterTypes: ['post.created', 'post.vanished'],
          description: 'Their note',
          throttleRate: 5,
        }),
        svixEndpoint('ep_2', { url: 'http://[::1', filterTypes: null }),
        svixEndpoint('ep_3', {
          url: `${t.receiver.url}/gone`,
          filterTypes: ['post.vanished'],
          disabled: true,
        }),
      ]),
      '/api/v1/app/app_2/endpoint?limit=250': page([
        svixEndpoint('ep_4', { url: `${t.receiver.url}/all`, disabled: true }),
      ]),
      ...Object.fromEntries(
        ['app_1/endpoint/ep_1', 'app_1/endpoint/ep_2', 'app_1/endpoint/ep_3', 'app_2/endpoint/ep_4'].flatMap(
          (path) => [
            [`/api/v1/app/${path}/secret`, { key: SECRET }],
            [
              `/api/v1/app/${path}/headers`,
              { headers: path.endsWith('1') ? { 'x-team': 'red' } : {}, sensitive: [] },
            ],
          ],
        ),
      ),
    });
  });
  beforeEach(() => void tenant++);
  afterAll(async () => {
    svix.server.close();
    half.server.close();
    await t.stop();
  });

  const eventsFor = (type: string): string[] => (type === 'post.vanished' ? [] : [type]);
  const fromSvix = (): AsyncGenerator<MovedWebhook> => svixWebhooks({ url: svix.url, token: TOKEN });
  const endpointsOf = async (of: string) => (await t.webhooks.endpoints.list(of, { limit: 50 })).data;
  const host = (): string => new URL(t.receiver.url).host;

  it('from Svix looks first, then creates them with URL, events, headers and secret, and a second time nothing', async () => {
    const move = (dryRun: boolean) => moveWebhooks(t.webhooks, fromSvix(), { eventsFor, dryRun });

    const dry = await move(true);
    expect(await endpointsOf('acme')).toEqual([]);
    const wet = await move(false);
    expect(wet).toEqual(dry);
    expect(wet).toMatchObject({
      created: 2,
      there: 0,
      refused: 2,
      results: [
        { tenant: 'acme', host: host(), outcome: 'created' },
        { tenant: 'acme', host: '', outcome: 'refused', problem: expect.stringContaining('URL') },
        {
          tenant: 'acme',
          host: host(),
          outcome: 'refused',
          problem: 'events holds none that there is here.',
        },
        { tenant: 'app_2', host: host(), outcome: 'created' },
      ],
    });
    expect(await endpointsOf('acme')).toMatchObject([
      {
        name: host(),
        url: `${t.receiver.url}/svix`,
        events: ['post.created'],
        description: 'Their note',
        headers: { 'x-team': 'red' },
        rateLimit: 5,
        active: true,
      },
    ]);
    expect(await endpointsOf('app_2')).toMatchObject([{ events: ['*'], active: false }]);
    expect(await move(false)).toMatchObject({ created: 0, there: 2, refused: 2 });
    expect(await endpointsOf('acme')).toHaveLength(1);
    expect(JSON.stringify(wet)).not.toContain('whsec_');
  });

  it('signs for a receiver that changes nothing', async () => {
    await t.webhooks.emit('post.created', { post_id: 'post_1' }, { tenant: 'acme' });
    await t.after(0);

    const [{ headers, body }] = t.receiver.arrivals as [(typeof t.receiver.arrivals)[number]];
    const old = new Webhook(SECRET);
    expect(verifyWebhook(body, headers, SECRET, { now: () => t.clock.now() })).toMatchObject({
      type: 'post.created',
    });
    expect(
      old.sign(headers['webhook-id'] as string, new Date(Number(headers['webhook-timestamp']) * 1_000), body),
    ).toBe(headers['webhook-signature']);
  });

  it('from Outpost takes the webhooks of all tenants, and no queues', async () => {
    const of = `outpost-${tenant}`;
    const webhook = {
      id: 'des_1',
      type: 'webhook',
      topics: ['*'],
      config: { url: `${t.receiver.url}/1` },
      credentials: { secret: TEXT_SECRET },
    };
    const outpost = await serving({
      '/api/v1/tenants?limit=100': { models: [{ id: of }], pagination: { next: 'n1', prev: null }, count: 2 },
      '/api/v1/tenants?limit=100&next=n1': {
        models: [{ id: `${of}b` }],
        pagination: { next: null, prev: 'p1' },
        count: 2,
      },
      [`/api/v1/tenants/${of}/destinations`]: [
        webhook,
        { id: 'des_2', type: 'aws_sqs', topics: ['*'], config: {}, credentials: {} },
        {
          ...webhook,
          id: 'des_3',
          config: { url: `${t.receiver.url}/2` },
          topics: ['post.created'],
          disabled_at: '2026-01-01T00:00:00Z',
        },
      ],
      [`/api/v1/tenants/${of}b/destinations`]: [{ ...webhook, credentials: {} }],
    });
    const source = { url: `${outpost.url}/api/v1`, token: TOKEN };

    expect(await moveWebhooks(t.webhooks, outpostWebhooks(source))).toMatchObject({
      created: 2,
      refused: 1,
      results: [{}, {}, { tenant: `${of}b`, problem: 'secret must have 24 to 128 characters, got 0.' }],
    });
    const created = await endpointsOf(of);
    expect(created.map(({ events, active }) => [events, active])).toEqual([
      [['post.created'], false],
      [['*'], true],
    ]);
    expect(await t.webhooks.endpoints.secret(of, created[0]!.id)).toMatchObject({ secret: TEXT_SECRET });
    outpost.server.close();
  });

  it('from a table of the app takes whatever gives them, one at a time, and tells of each', async () => {
    const of = `table-${tenant}`;
    const row = { tenant: of, url: `${t.receiver.url}/table`, events: ['post'], secret: TEXT_SECRET };
    const told: string[] = [];
    const moved = await moveWebhooks(
      t.webhooks,
      [row, row, { ...row, url: 'https://localhost', secret: 'short' }],
      {
        eventsFor: () => ['post.created', 'post.published'],
        onMoved: ({ outcome }) => told.push(outcome),
      },
    );

    expect(told).toEqual(['created', 'there', 'refused']);
    expect(moved).toMatchObject({ created: 1, there: 1, refused: 1 });
    expect(await endpointsOf(of)).toMatchObject([{ events: ['post.created', 'post.published'] }]);
  });

  it('refuses what its source gave by halves, and goes on', async () => {
    const whole = { tenant: `half-${tenant}`, url: `${t.receiver.url}/half`, secret: TEXT_SECRET };
    const rows = [
      {},
      { ...whole, tenant: 42 },
      { ...whole, secret: null },
      { ...whole, url: undefined },
      { ...whole, events: null },
      whole,
    ] as MovedWebhook[];
    const { created, results } = await moveWebhooks(t.webhooks, rows);

    expect(created).toBe(1);
    expect(results.map(({ outcome, problem }) => problem ?? outcome)).toEqual([
      'tenant must be a text, got undefined. url must be a text, got undefined. secret must be a text, got undefined.',
      'tenant must be a text, got number.',
      'secret must be a text, got null.',
      'url must be a text, got undefined.',
      'events must be a list of types; left out, it stands for all.',
      'created',
    ]);
  });

  it('refuses an http URL where the app does, in a dry run, too', async () => {
    const strict = await sendingApp({
      webhooks: { signature: { ownSecrets: true }, network: { allowPrivateNetworks: true } },
    });
    const row = { tenant: 'acme', url: 'http://hooks.example.com/a', secret: TEXT_SECRET };
    for (const dryRun of [true, false]) {
      expect(await moveWebhooks(strict.webhooks, [row], { dryRun })).toMatchObject({
        created: 0,
        refused: 1,
        results: [{ host: 'hooks.example.com', problem: expect.stringContaining('https') }],
      });
    }
    await strict.stop();
  });

  it.each([
    ['the wrong token', { token: 'other' }, 'was answered with 401'],
    ['another path', { url: () => `${svix.url}/nothing` }, 'was answered with 404'],
    ['half an answer', { url: () => half.url }, 'was not answered with JSON'],
  ])('stops where the other sender can not be read: %s', async (_, change, says) => {
    const url = 'url' in change ? change.url() : svix.url;
    const token = 'token' in change ? change.token : TOKEN;
    const moved = moveWebhooks(t.webhooks, svixWebhooks({ url, token }));

    await expect(moved).rejects.toMatchObject({
      code: 'webhooks/source-unreadable',
      message: expect.stringContaining(says),
    });
    await expect(moved).rejects.not.toThrow(token);
  });
});
