import { WebhookEndpoint } from 'nestjs-webhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { restApp, wrongFields, type RestAnswer, type RestApp } from '../support/rest-app.js';

/** As older options allowed it: http, two types and a group that have left the catalogue, a name that is reserved by now. */
const STORED = {
  url: 'http://10.0.0.7/hook',
  events: ['post.created', 'post.retired', 'story.*'],
  headers: {
    'x-crm-token': 'f3a9',
    'x-acme-signature': 'theirs',
    ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`x-${n}`, 'x'])),
  },
};

describe('An endpoint that today’s rules would refuse', () => {
  let rest: RestApp;
  let id: string;
  beforeAll(async () => {
    rest = await restApp({ webhooks: { network: {}, signature: { header: 'x-acme-signature' } } });
  });
  beforeEach(async () => {
    id = await rest.endpoint('acme', { url: 'https://example.com/' });
    await rest.dataSource.getRepository(WebhookEndpoint).update({ id }, STORED);
  });
  afterAll(() => rest.stop());

  const patch = (changes: object): Promise<RestAnswer> => rest.as('acme').patch(`/${id}`, changes);

  it('can be changed, and keeps what is sent unchanged', async () => {
    for (const changes of [{ name: 'Renamed' }, { name: 'Again', ...STORED }, { active: false }]) {
      const { status, body } = await patch(changes);
      expect([status, body]).toEqual([200, expect.objectContaining({ ...STORED, ...changes })]);
    }
  });

  it('can lose an event type that was removed, which can’t be added again', async () => {
    const events = ['post.created', 'story.*', 'post.published'];
    expect((await patch({ events })).body.events).toEqual(events);

    const refused = await patch({ events: [...events, 'post.retired'] });

    expect([refused.status, wrongFields(refused)]).toEqual([400, ['events[3]']]);
    expect((await rest.as('acme').get(`/${id}`)).body.events).toEqual(events);
  });

  it.each([
    ['events[3]', { events: [...STORED.events, 'post.unknown'] }],
    ['url', { url: 'http://10.0.0.7/other' }],
    ['headers', { headers: { ...STORED.headers, 'x-new': 'x' } }],
    ['headers.x-acme-signature', { headers: { 'x-acme-signature': 'another' } }],
    ['headers.host', { headers: { 'x-crm-token': 'f3a9', host: 'evil.example' } }],
  ])('takes nothing new of the kind: %s', async (field, changes) => {
    const refused = await patch(changes);

    expect([refused.status, wrongFields(refused)]).toEqual([400, [field]]);
  });

  it('is no excuse for another endpoint', async () => {
    const other = await rest.endpoint('acme', { url: 'https://example.com/' });
    const refused = await rest.as('acme').patch(`/${other}`, { events: ['post.retired'], url: STORED.url });

    expect(wrongFields(refused)).toEqual(['url', 'events[0]']);
  });
});
