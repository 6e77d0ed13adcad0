import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restApp, wrongFields, type RestAnswer, type RestApp } from '../support/rest-app.js';
import { dump, ENDPOINT } from '../support/route-matrix.js';

const PATTERNS = 200;
const LONGEST_TYPE = `post.${'x'.repeat(123)}`;
const TYPES = [LONGEST_TYPE, ...Array.from({ length: PATTERNS }, (_, n) => `post.type_${n}`)];
const DAY = 86_400_000;

/** Four bytes each, and one character as the columns count. */
const text = (length: number): string => '💥'.repeat(length);
const url = (length: number): string => 'https://example.com/'.padEnd(length, 'x');
const headers = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, 'x']));

interface Limit {
  readonly name: string;
  readonly field: string;
  readonly most: unknown;
  readonly beyond: unknown;
  /** What is named, where it is not the field itself. */
  readonly wrong?: string;
}

const LIMITS: readonly Limit[] = [
  { name: '255 characters of name', field: 'name', most: text(255), beyond: text(256) },
  { name: '1 character of name', field: 'name', most: text(1), beyond: '' },
  { name: '2,000 characters of description', field: 'description', most: text(2_000), beyond: text(2_001) },
  { name: '2,048 characters of URL', field: 'url', most: url(2_048), beyond: url(2_049) },
  { name: '200 events', field: 'events', most: TYPES.slice(1), beyond: TYPES },
  { name: '1 event', field: 'events', most: ['*'], beyond: [] },
  { name: '128 characters of event', field: 'events', most: [LONGEST_TYPE], beyond: [`${LONGEST_TYPE}x`] },
  { name: '20 headers', field: 'headers', most: headers(20), beyond: headers(21) },
  {
    name: '64 characters of a header’s name',
    field: 'headers',
    most: { ['x'.repeat(64)]: 'x' },
    beyond: { ['x'.repeat(65)]: 'x' },
    wrong: `headers.${'x'.repeat(64)}…`,
  },
  {
    name: '1,024 characters of a header’s value',
    field: 'headers',
    most: { 'x-a': 'x'.repeat(1_024) },
    beyond: { 'x-a': 'x'.repeat(1_025) },
    wrong: 'headers.x-a',
  },
  { name: '1,000 requests a second', field: 'rateLimit', most: 1_000, beyond: 1_001 },
  { name: '1 request a second', field: 'rateLimit', most: 1, beyond: 0 },
  { name: '1,000 requests at once', field: 'concurrency', most: 1_000, beyond: 1_001 },
  { name: '1 request at once', field: 'concurrency', most: 1, beyond: 0 },
];

describe.each(['sqlite', 'postgres', 'mysql'] as const)('On %s', (database) => {
  let rest: RestApp;
  let id: string;
  beforeAll(async () => {
    const events = Object.fromEntries(TYPES.map((type) => [type, {}]));
    rest = await restApp({ database, webhooks: { events } });
    id = await rest.endpoint('acme');
  });
  afterAll(() => rest.stop());

  const refused = async (work: () => Promise<RestAnswer>): Promise<string[]> => {
    const before = await dump(rest.dataSource);
    const answer = await work();
    expect([answer.status, answer.body.code]).toEqual([400, 'webhooks/invalid-input']);
    expect(await dump(rest.dataSource)).toBe(before);
    return wrongFields(answer);
  };

  it.each(LIMITS)('an endpoint takes $name, and nothing beyond', async ({ field, most, beyond, wrong }) => {
    const as = rest.as('acme');
    const { status, body } = await as.post('/', { ...ENDPOINT, [field]: most });
    expect([status, body[field]]).toEqual([201, most]);
    expect((await as.get(`/${body.id}`)).body[field]).toEqual(most);
    const changed = await as.patch(`/${id}`, { [field]: most });
    expect([changed.status, changed.body[field]]).toEqual([200, most]);

    const named = await refused(() => as.post('/', { ...ENDPOINT, [field]: beyond }));
    expect(named.map((one) => one.replace(/\[\d+\]$/, ''))).toEqual([wrong ?? field]);
    expect(await refused(() => as.patch(`/${id}`, { [field]: beyond }))).toEqual(named);
  });

  it('the service holds to the number of events and headers, too', async () => {
    const { update } = rest.webhooks.endpoints;
    const change = update.bind(rest.webhooks.endpoints, 'acme', id);
    await expect(change({ events: TYPES })).rejects.toMatchObject({ details: [{ field: 'events' }] });
    await expect(change({ headers: headers(21) })).rejects.toMatchObject({ details: [{ field: 'headers' }] });
  });

  it('a rotation takes an overlap of 0 to 30 days', async () => {
    const as = rest.as('acme');
    const rotate = (overlap: unknown): Promise<RestAnswer> => as.post(`/${id}/secret/rotate`, { overlap });
    for (const overlap of [0, 30 * DAY, '30d']) expect((await rotate(overlap)).status).toBeLessThan(300);
    for (const overlap of [-1, 30 * DAY + 1, '31d', '']) {
      expect([overlap, await refused(() => rotate(overlap))]).toEqual([overlap, ['overlap']]);
    }
  });

  it('statistics take 1 to 250 endpoints', async () => {
    const ids = (count: number): string => Array.from({ length: count }, () => id).join(',');
    const stats = (count: number): Promise<RestAnswer> =>
      rest.as('acme').get(`/stats/endpoints?ids=${ids(count)}`);
    for (const count of [1, 250]) expect((await stats(count)).status).toBe(200);
    for (const count of [0, 251]) expect(await refused(() => stats(count))).toEqual(['ids']);
  });
});
