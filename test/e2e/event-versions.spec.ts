import { IsIn, IsString } from 'class-validator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { EventCatalogue } from '../../lib/config/event-catalogue.js';
import { EventVersions } from '../../lib/config/event-versions.js';
import { resolveVersions } from '../../lib/config/version-options.js';
import type { TestDatabase } from '../support/databases.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS_BY_QUEUE } from '../support/stacks.js';

const MINUTE = 60_000;
const [FIRST, SECOND, THIRD] = ['2025-01-01', '2025-06-01', '2026-01-01'];

const TO_FIRST = {
  [FIRST!]: {
    down: ({ post_id, platforms }: { post_id: string; platforms: string[] }) => ({
      post_id,
      platform: platforms[0],
    }),
  },
};
/** A post had one platform, then a list of them, then objects. */
const EVENTS: WebhooksModuleOptions['events'] = {
  'post.published': {
    example: { post_id: 'p', platforms: [{ name: 'x' }] },
    versions: {
      ...TO_FIRST,
      [SECOND!]: {
        down: ({ post_id, platforms }: { post_id: string; platforms: { name: string }[] }) => ({
          post_id,
          platforms: platforms.map(({ name }) => name),
        }),
      },
    },
  },
  'post.created': { example: { post_id: 'p' } },
};
const SHAPES = {
  [FIRST!]: { post_id: 'p', platform: 'x' },
  [SECOND!]: { post_id: 'p', platforms: ['x'] },
  [THIRD!]: { post_id: 'p', platforms: [{ name: 'x' }] },
};
const days = (...names: string[]): NonNullable<WebhooksModuleOptions['versions']> =>
  Object.fromEntries(names.map((name) => [name, {}]));

describe.each(STACKS_BY_QUEUE)('A version of events, on $name', (stack) => {
  let database: TestDatabase;
  let t: SendingApp;
  const lastingDatabase = lastingDatabases();
  beforeEach(async () => void (database = await lastingDatabase(stack.database)));
  afterEach(() => t.stop());
  const app = async (
    versions: WebhooksModuleOptions['versions'],
    migrate = true,
    events = versions ? EVENTS : { 'post.published': {}, 'post.created': {} },
  ): Promise<void> => {
    t = await sendingApp({
      ...stack,
      on: database,
      migrate,
      webhooks: { events, ...(versions ? { versions } : {}) },
    });
  };
  const emit = (data: unknown = SHAPES[THIRD!]) =>
    t.webhooks.emit('post.published', data, { tenant: 'acme' });
  const sent = async (count: number): Promise<unknown[]> => {
    const arrivals = await t.receiver.received(count);
    await t.settled();
    return arrivals.map(({ body }) => (JSON.parse(body) as { data: unknown }).data);
  };

  it('is the newest one at the endpoint’s creation, until the endpoint is moved forth or back', async () => {
    await app(days(FIRST!, SECOND!, THIRD!));
    const { id } = await t.endpoint();
    expect((await t.webhooks.endpoints.get('acme', id)).version).toBe(THIRD);
    for (const version of [FIRST!, SECOND!, THIRD!, FIRST!]) {
      await t.webhooks.endpoints.update('acme', id, { version });
      await emit();
      await sent(t.receiver.arrivals.length + 1);
    }
    const shapes = [FIRST!, SECOND!, THIRD!, FIRST!].map((version) => SHAPES[version]);
    expect(await sent(4)).toEqual(shapes);
    for (const { body } of t.receiver.arrivals) expect(JSON.stringify(JSON.parse(body))).toBe(body);
  });

  it('stays the same for deliveries that have begun', async () => {
    await app(days(FIRST!, SECOND!, THIRD!));
    const { id } = await t.endpoint({ version: FIRST! });
    t.receiver.nextAnswers.push(500);
    await emit();
    expect(await sent(1)).toEqual([SHAPES[FIRST!]]);
    await t.webhooks.endpoints.update('acme', id, { version: THIRD! });
    await t.after(5 * MINUTE);
    expect(await sent(2)).toEqual([SHAPES[FIRST!], SHAPES[FIRST!]]);
    const [delivery] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    const { representation } = await t.webhooks.deliveries.get('acme', delivery!.id);
    expect(representation).toMatchObject({ name: 'envelope', version: FIRST });
  });

  it('can be added to an app without versions, whose endpoints and events stay as they are', async () => {
    await app(undefined);
    const { id } = await t.endpoint({ active: false });
    await emit(SHAPES[FIRST!]);
    await t.app.close();
    await t.receiver.stop();
    await app(days(FIRST!, SECOND!, THIRD!), false);

    await t.webhooks.endpoints.update('acme', id, { active: true, url: `${t.receiver.url}/hook` });
    expect((await t.webhooks.endpoints.ofVersion(FIRST!, { limit: 10 })).data.map((one) => one.id)).toEqual([
      id,
    ]);
    expect((await t.webhooks.endpoints.ofVersion(THIRD!, { limit: 10 })).data).toEqual([]);
    t.clock.advance('1m');
    await t.webhooks.deliveries.recover('acme', id, Date.UTC(2025, 0, 1));
    await t.after(MINUTE);
    await emit();
    expect(await sent(2)).toEqual([SHAPES[FIRST!], SHAPES[FIRST!]]);
    const representation = { template: { on: '{{data.platform}}' } };
    await t.webhooks.endpoints.update('acme', id, { representation, events: ['post.published'] });
  });

  it('is derived by the functions from the event’s own version on, and by no newer ones', async () => {
    const example = SHAPES[SECOND!] as Record<string, unknown>;
    await app(days(FIRST!, SECOND!), true, { 'post.published': { example, versions: TO_FIRST } });
    const { id } = await t.endpoint({ version: FIRST!, active: false });
    await emit(SHAPES[SECOND!]);
    await t.app.close();
    await t.receiver.stop();
    await app(days(FIRST!, SECOND!, THIRD!), false);

    await t.webhooks.endpoints.update('acme', id, { active: true, url: `${t.receiver.url}/hook` });
    t.clock.advance('1m');
    await t.webhooks.deliveries.recover('acme', id, Date.UTC(2025, 0, 1));
    await t.after(MINUTE);
    expect(await sent(1)).toEqual([SHAPES[FIRST!]]);
  });

  it('decides what a filter reads: at the emit, in a preview, a resend, a recovery, and in the reasons it gives', async () => {
    await app(days(FIRST!, SECOND!, THIRD!));
    const old = { field: 'data.platform', equals: 'x' };
    const { id } = await t.endpoint({ version: FIRST!, filter: old });
    const { id: other } = await t.endpoint({
      version: THIRD!,
      filter: { field: 'data.platforms.0.name', equals: 'x' },
    });
    const y = { post_id: 'p', platforms: [{ name: 'y' }] };
    await emit();
    const out = await emit(y);
    expect(await sent(2)).toEqual(expect.arrayContaining([SHAPES[FIRST!], SHAPES[THIRD!]]));
    const { filtered } = await t.webhooks.events.get('acme', out.id);
    expect(filtered.map(({ endpointId }) => endpointId).sort()).toEqual([id, other].sort());
    const preview = (version?: string) =>
      t.webhooks.endpoints.previewFilter('acme', {
        events: ['*'],
        filter: old,
        ...(version ? { version } : {}),
      });
    expect(await preview(FIRST)).toEqual({ examined: 2, matched: 1 });
    expect(await preview()).toEqual({ examined: 2, matched: 0 });

    // Back and forth: the filter of the one version finds nothing in the other.
    await t.webhooks.endpoints.update('acme', id, { version: THIRD! });
    const [delivery] = (await t.webhooks.deliveries.list({ tenant: 'acme', endpointId: id }, { limit: 1 }))
      .data;
    await expect(t.webhooks.deliveries.retry('acme', delivery!.id)).rejects.toMatchObject({
      code: 'webhooks/event-filtered',
    });
    await emit();
    await sent(3);
    await t.webhooks.endpoints.update('acme', id, { version: FIRST! });
    t.clock.advance('1m');
    expect(await t.webhooks.deliveries.previewRecovery('acme', id, 0)).toMatchObject({ toCreate: 1 });
    expect(await t.webhooks.deliveries.recover('acme', id, 0)).toEqual({ resent: 0, created: 1 });
    await t.after(MINUTE);
    expect((await sent(4)).at(-1)).toEqual(SHAPES[FIRST!]);
    await t.webhooks.deliveries.retry('acme', delivery!.id);
  });

  it('that is retired gives way to the next one on its day, and can’t be asked for any more', async () => {
    await app({ [FIRST!]: { retiresAt: '2026-01-02' }, [SECOND!]: {}, [THIRD!]: {} });
    const { id } = await t.endpoint({ version: FIRST! });
    await emit();
    await sent(1);
    t.clock.advance('1d');
    await emit();
    expect(await sent(2)).toEqual([SHAPES[FIRST!], SHAPES[SECOND!]]);
    await expect(t.endpoint({ version: FIRST! })).rejects.toMatchObject({ details: [{ field: 'version' }] });
    await t.webhooks.endpoints.update('acme', id, { version: FIRST!, name: 'It is kept' });

    // Templates, filters and previews of an endpoint that is still at it see what it gets.
    const representation = { template: { on: '{{data.platforms[0]}}' } };
    const { endpoints, representations } = t.webhooks;
    await endpoints.update('acme', id, { events: ['post.published'], representation });
    const seen = { representation, eventType: 'post.published' };
    expect((await representations.preview('acme', { ...seen, version: FIRST! })).body).toBe('{"on":"x"}');
    const filtering = { events: ['*'], filter: { field: 'data.platforms.0', equals: 'x' } };
    const filtered = await endpoints.previewFilter('acme', { ...filtering, version: FIRST! });
    expect(filtered).toEqual({ examined: 2, matched: 2 });
    const unknown = { details: [{ field: 'version', message: expect.stringContaining(FIRST!) }] };
    const version = '2020-01-01';
    await expect(representations.preview('acme', { ...seen, version })).rejects.toMatchObject(unknown);
    await expect(endpoints.previewFilter('acme', { ...filtering, version })).rejects.toMatchObject(unknown);
  });

  it('decides which fields a template may use, and what a preview shows', async () => {
    await app(days(FIRST!, SECOND!, THIRD!));
    const representation = { template: { on: '{{data.platform}}' } };
    const events = ['post.published'];
    await expect(t.endpoint({ representation, events })).rejects.toMatchObject({
      details: [{ field: 'representation.template.on' }],
    });
    const { id } = await t.endpoint({ representation, events, version: FIRST! });
    await emit();
    await t.receiver.received(1);
    expect(t.receiver.arrivals[0]!.body).toBe('{"on":"x"}');
    await expect(t.webhooks.endpoints.update('acme', id, { version: THIRD! })).rejects.toMatchObject({
      details: [{ field: 'representation.template.on' }],
    });
    const { data } = await t.webhooks.events.list({ tenant: 'acme' }, { limit: 1 });
    const seen = await t.webhooks.representations.preview('acme', {
      representation: 'envelope',
      version: SECOND!,
      eventId: data[0]!.id,
    });
    expect((JSON.parse(seen.body) as { data: unknown }).data).toEqual(SHAPES[SECOND!]);
  });
});

describe('The option versions', () => {
  const versions = (given: unknown, events = EVENTS!): EventVersions =>
    new EventVersions(resolveVersions(given), new EventCatalogue(events));

  it.each<[string, unknown, string]>([
    ['a list', [], 'versions'],
    ['no day', { v1: {} }, "versions['v1']"],
    ['no day of the calendar', { '2026-02-30': {} }, "versions['2026-02-30']"],
    ['an unknown name', { [THIRD!]: { until: 1 } }, `versions['${THIRD}'].until`],
    [
      'a retirement that is no day',
      { [FIRST!]: { retiresAt: 'soon' }, [THIRD!]: {} },
      `versions['${FIRST}'].retiresAt`,
    ],
    ['the newest retired', { [THIRD!]: { retiresAt: '2030-01-01' } }, `versions['${THIRD}'].retiresAt`],
    [
      'a version of a type that is missing',
      days(FIRST!, THIRD!),
      `events['post.published'].versions['${SECOND}']`,
    ],
    [
      'one of a type that is the newest',
      days(FIRST!, SECOND!),
      `events['post.published'].versions['${SECOND}']`,
    ],
  ])('is refused for %s', (_, given, option) => {
    expect(() => versions(given)).toThrow(expect.objectContaining({ option }));
  });

  it('is refused where a function throws for the example', () => {
    const events = { 'a.b': { versions: { [FIRST!]: { down: (data: { list: [] }) => data.list.length } } } };
    expect(() => versions(days(FIRST!, THIRD!), events)).toThrow(
      /versions\['2025-01-01'\]\.down can't make this version of the example/,
    );
  });
});

describe('The schema of an older version', () => {
  const PLATFORM = { type: 'object', required: ['platform'], properties: { platform: { enum: ['x', 'y'] } } };
  class OnePlatform {
    @IsString()
    post_id!: string;

    @IsIn(['x', 'y'])
    platform!: string;
  }
  const down = TO_FIRST[FIRST!]!.down;
  const versions = (first: object, more: object = {}, example?: object): EventVersions => {
    const type = {
      example: { post_id: 'p', platforms: ['x'], ...example },
      versions: { [FIRST!]: { down, ...first }, ...more },
    };
    return new EventVersions(
      resolveVersions(days(FIRST!, SECOND!, THIRD!)),
      new EventCatalogue({ 'post.published': type as never }),
    );
  };
  const schemaOf = (all: EventVersions, version: string): object =>
    all.described(
      {
        type: 'post.published',
        group: '',
        description: '',
        schema: { today: true },
        example: { platforms: [] },
      },
      version,
    ).schema;

  it('is given as JSON Schema or as a class, and applies until the next version with a schema', () => {
    expect(schemaOf(versions({ schema: PLATFORM }), FIRST!)).toBe(PLATFORM);
    expect(schemaOf(versions({ schema: PLATFORM }), SECOND!)).toEqual({ today: true });
    expect(schemaOf(versions({ payload: OnePlatform }), FIRST!)).toMatchObject({
      title: 'OnePlatform',
      properties: { platform: { enum: ['x', 'y'] } },
    });
    expect(schemaOf(versions({}), FIRST!)).toEqual({});
    const second = { [SECOND!]: { down: (data: object) => data, schema: { second: true } } };
    expect(schemaOf(versions({ schema: PLATFORM }, second), SECOND!)).toEqual({ second: true });
    expect(schemaOf(versions({ schema: PLATFORM }, second), FIRST!)).toBe(PLATFORM);
  });

  it.each([
    [
      'its schema',
      { schema: PLATFORM },
      /makes an example that breaks its schema: data\.platform must be "x" or "y"/,
    ],
    [
      'its class',
      { payload: OnePlatform },
      /makes an example that breaks its payload class OnePlatform: platform must/,
    ],
  ])('refuses an example made by down that breaks %s', (_, first, message) => {
    expect(() => versions(first, {}, { platforms: ['z'] })).toThrow(message);
  });

  it.each<[string, object, string]>([
    ['a text as schema', { schema: 'x' }, '.schema'],
    ['a list as schema', { schema: [] }, '.schema'],
    ['no class', { payload: {} }, '.payload'],
    ['an unknown name', { shema: {} }, '.shema'],
    ['a function that is async', { down: async () => ({}) }, '.down'],
    ['no function', { down: undefined }, '.down'],
  ])('is refused for %s', (_, first, option) => {
    const path = `events['post.published'].versions['${FIRST}']${option}`;
    expect(() => versions(first)).toThrow(expect.objectContaining({ option: path }));
  });
});

describe('The documents of a version of events', () => {
  let t: SendingApp;
  afterEach(() => t.stop());
  const get = async (path: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${await t.app.getUrl()}/webhooks/${path}`, {
      headers: { 'x-account': 'acme' },
    });
    return { status: response.status, text: await response.text() };
  };
  const PATHS = [
    'event-types',
    'openapi.json',
    'asyncapi.json',
    'event-types/post.published/schema.json',
    'guide',
    'guide.md',
    'guide.json',
  ];
  /** The keys of the data, wherever they stand in a document. */
  const shapeIn = (text: string): string[] =>
    ['platforms', 'platform', 'name'].filter((key) =>
      new RegExp(`(?:"|&quot;|\\\\")${key}(?:"|&quot;|\\\\"): ?["[{\\\\&]`).test(text),
    );

  it.each(PATHS)('show its data at %s, and the newest by default', async (path) => {
    t = await sendingApp({
      webhooks: {
        events: { 'post.published': EVENTS!['post.published']! },
        versions: {
          ...days(SECOND!, THIRD!),
          [FIRST!]: { description: 'One <platform>.', retiresAt: '2025-03-01' },
        },
      },
    });
    await t.app.listen(0);
    const [newest, first, third] = await Promise.all(
      [path, `${path}?version=${FIRST}`, `${path}?version=${THIRD}`].map(get),
    );
    expect([newest!.status, first!.status]).toEqual([200, 200]);
    expect(shapeIn(newest!.text)).toContain('platforms');
    expect(shapeIn(first!.text)).toContain('platform');
    expect(shapeIn(first!.text)).not.toContain('platforms');
    expect(third).toEqual(newest);
    if (path === 'guide') expect(newest!.text).toContain('One &lt;platform&gt;.');
    if (path !== 'guide.md') return;
    expect(newest!.text).toMatch(/^- `2025-01-01`, until 2025-03-01: One \S+platform/m);
    expect(first!.text).toContain(`The examples below are of \`${FIRST}\`.`);
  });

  it.each(PATHS)('show its own schema at %s', async (path) => {
    const schema = {
      type: 'object',
      properties: { platform: { type: 'string', description: 'One of ours.' } },
    };
    const { [FIRST!]: first } = TO_FIRST;
    const type = { example: SHAPES[SECOND!], versions: { [FIRST!]: { ...first, schema } } };
    t = await sendingApp({
      webhooks: { events: { 'post.published': type as never }, versions: days(FIRST!, SECOND!) },
    });
    await t.app.listen(0);
    expect((await get(`${path}?version=${FIRST}`)).text).toContain('One of ours.');
    expect((await get(path)).text).not.toContain('One of ours.');
  });

  it.each(PATHS)('do not exist at %s for a version that the app does not have', async (path) => {
    t = await sendingApp({ webhooks: { events: EVENTS!, versions: days(FIRST!, SECOND!, THIRD!) } });
    await t.app.listen(0);
    for (const version of ['2024-01-01', '', '%00', 'constructor']) {
      const { status, text } = await get(`${path}?version=${version}`);
      expect(status).toBe(400);
      expect(JSON.parse(text).details).toEqual([
        {
          field: 'version',
          message: expect.stringContaining(`must be one of ${FIRST}, ${SECOND}, ${THIRD}`),
          code: 'unknown-version',
          params: { values: `${FIRST}, ${SECOND}, ${THIRD}` },
        },
      ]);
    }
  });

  it('do not exist in an app without versions, whose documents need none', async () => {
    t = await sendingApp();
    await t.app.listen(0);
    for (const path of PATHS) {
      expect((await get(path)).status).toBe(200);
      expect((await get(`${path}?version=${FIRST}`)).text).toContain('this app has no versions');
    }
    expect((await get('guide.md')).text).not.toContain('### Versions');
  });
});
