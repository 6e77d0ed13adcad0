import { EventEmitter2 } from '@nestjs/event-emitter';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { WebhookAuditView, WebhookPageView } from 'nestjs-webhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../../lib/audit/audit-log.js';
import { RetentionService } from '../../lib/dispatch/retention.service.js';
import { newId } from '../../lib/domain/id.js';
import { WebhookAuditRow } from '../../lib/persistence/webhook-audit.entity.js';
import { daily } from '../support/daily.js';
import { operatorApp, type OperatorApp } from '../support/operator-app.js';
import { ownAuthority } from '../support/own-authority.js';
import { restApp, type HeaderRequest, type RestAnswer } from '../support/rest-app.js';

const DATABASES = daily(['sqlite', 'postgres'], 'mysql', 'mariadb');

/** As apps do: who asks is found out by a guard, which tells the rest of the app. */
class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SessionRequest>();
    const [name, account] = request.headers['x-session']?.split('@') ?? [];
    if (name === undefined || account === undefined) return false;
    request.user = { name, account };
    return true;
  }
}

interface SessionRequest extends HeaderRequest {
  user: { name: string; account: string };
}

const api = {
  guards: [SessionGuard],
  tenant: ({ user }: SessionRequest): string => user.account,
  actor: async ({ user }: SessionRequest): Promise<string | undefined> => {
    if (user.name === 'broken') throw new Error('The sessions are down.');
    return user.name === 'nobody' ? undefined : user.name;
  },
};

/** Each of them may be in no row. */
const SECRETS = {
  header: 'header-value-4711',
  query: 'query-token-4712',
  path: 'T0000000/B0000000/pathTokenOfSlack4713',
  bearer: 'bearer-token-4714-which-is-long',
  password: 'basic-password-4715',
  template: 'routing-key-4716',
  text: 'whsec_c2VjcmV0LW9mLWEtdGV4dA==',
};

describe.each(DATABASES)('Who did what, on %s', (database) => {
  let rest: OperatorApp;
  let tenants = 0;
  let tenant: string;

  beforeAll(async () => {
    const webhooks = { api, audit: { retention: '90d' }, signature: { ownSecrets: true } } as const;
    rest = await operatorApp({ database, webhooks });
  });
  afterAll(() => rest.stop());
  beforeEach(() => {
    tenant = `tenant-${++tenants}`;
    rest.receiver.answer = 200;
    rest.clock.advance('1h');
  });

  const by =
    (user: string, account = tenant) =>
    (route: string, body?: object): Promise<RestAnswer> => {
      const [method, path] = route.split(' ') as [string, string];
      return rest.call(method, `/api/webhooks${path.replace(/^\/(?=\?|$)/, '')}`, {
        headers: { 'x-session': `${user}@${account}` },
        ...(body ? { body } : {}),
      });
    };
  const acts = async (query = '', account = tenant): Promise<WebhookAuditView[]> =>
    ((await by('reader', account)(`GET /audit${query}`)).body as WebhookPageView<WebhookAuditView>).data;
  /** What the acts since have been; they are taken off what comes next. */
  const seen = new Set<string>();
  const newActs = async (): Promise<WebhookAuditView[]> => {
    const fresh = (await acts()).filter(({ id }) => !seen.has(id));
    fresh.forEach(({ id }) => seen.add(id));
    return fresh;
  };
  /** The one act that was recorded since. */
  const theAct = async (): Promise<WebhookAuditView> => {
    const fresh = await newActs();
    expect(fresh.map(({ act }) => act)).toHaveLength(1);
    return fresh[0]!;
  };
  const endpoint = async (input: object = {}): Promise<string> => {
    const id = await rest.endpoint(tenant, { url: `${rest.receiver.url}/${tenant}`, ...input });
    await newActs();
    return id;
  };

  it('records the creation of a webhook, with its settings', async () => {
    const url = `${rest.receiver.url}/in`;
    const made = await by('ada')('POST /', { name: 'CRM', url, events: ['post.*'], rateLimit: 5 });
    const { id } = made.body;
    expect(await theAct()).toEqual({
      id: expect.stringMatching(/^act_[0-9a-f]{32}$/),
      act: 'endpoint.created',
      actor: { kind: 'customer', id: 'ada' },
      subject: { kind: 'endpoint', id },
      endpointId: id,
      before: null,
      after: { name: 'CRM', url, events: ['post.*'], active: true, rateLimit: 5 },
      createdAt: new Date(rest.clock.now()).toISOString(),
    });
  });

  it('records only the changed fields of a change', async () => {
    const id = await endpoint({ name: 'CRM', headers: { 'x-kept': '1', 'x-new': '1', 'x-gone': '1' } });
    const headers = { 'x-kept': '1', 'x-new': '2', 'x-more': '1' };
    await by('ada')(`PATCH /${id}`, { name: 'ERP', description: null, headers, events: ['*'] });
    expect(await theAct()).toMatchObject({
      act: 'endpoint.updated',
      before: { name: 'CRM', headers: { 'x-kept': '(hidden)', 'x-new': '(hidden)', 'x-gone': '(hidden)' } },
      after: {
        name: 'ERP',
        headers: { 'x-kept': '(hidden)', 'x-new': '(hidden, changed)', 'x-more': '(hidden)' },
      },
    });
    await by('ada')(`PATCH /${id}`, { name: 'ERP' });
    expect(await newActs()).toEqual([]);
  });

  it('says that a credential was replaced by one that looks the same', async () => {
    const password = (value: string): object => ({
      authorization: { type: 'basic', username: 'us', password: value },
    });
    const id = await endpoint(password('one'));
    await by('ada')(`PATCH /${id}`, password('two'));
    const shown = { authorization: { type: 'basic', hint: 'us' } };
    expect(await theAct()).toMatchObject({ act: 'endpoint.updated', before: shown, after: shown });
  });

  it('tells turning on and off from other changes', async () => {
    const id = await endpoint();
    await by('ada')(`PATCH /${id}`, { active: false });
    expect(await theAct()).toMatchObject({
      act: 'endpoint.disabled',
      before: { active: true },
      after: { active: false },
    });
    await by('eve')(`PATCH /${id}`, { active: true });
    expect(await theAct()).toMatchObject({ act: 'endpoint.enabled', actor: { id: 'eve' } });
    await by('eve')(`PATCH /${id}`, { active: false, name: 'Other' });
    expect(await theAct()).toMatchObject({
      act: 'endpoint.updated',
      after: { active: false, name: 'Other' },
    });
  });

  it('records what a webhook was when it was deleted', async () => {
    const id = await endpoint({ name: 'CRM' });
    await by('ada')(`DELETE /${id}`);
    expect(await theAct()).toMatchObject({
      act: 'endpoint.deleted',
      endpointId: id,
      before: { name: 'CRM', active: true, events: ['*'] },
      after: null,
    });
  });

  it('records who has seen a secret, and who has rotated it', async () => {
    const id = await endpoint();
    await by('ada')(`GET /${id}/secret`);
    expect(await theAct()).toMatchObject({
      act: 'endpoint.secret-revealed',
      actor: { id: 'ada' },
      before: null,
      after: null,
    });
    await by('eve')(`POST /${id}/secret/rotate`, { overlap: '1h' });
    expect(await theAct()).toMatchObject({
      act: 'endpoint.secret-rotated',
      actor: { id: 'eve' },
      before: { liveSecrets: 1 },
      after: { liveSecrets: 2, overlapMs: 3_600_000, ownSecret: false },
    });
  });

  it('records tests, of drafts too', async () => {
    const id = await endpoint();
    const tested = await by('ada')(`POST /${id}/test`, { eventType: 'post.created' });
    const { deliveryId } = tested.body;
    expect(await theAct()).toMatchObject({
      act: 'endpoint.tested',
      endpointId: id,
      after: { eventType: 'post.created', deliveryId },
    });
    const url = `${rest.receiver.url}/draft`;
    const draft = await by('ada')('POST /test', { url, eventType: 'post.created' });
    expect(await theAct()).toMatchObject({
      act: 'draft.tested',
      subject: { kind: 'event', id: draft.body.eventId },
      endpointId: null,
      after: { url, eventType: 'post.created' },
    });
  });

  it('records each resend, and a recovery once', async () => {
    const id = await endpoint();
    for (let events = 0; events < 2; events++) await rest.webhooks.emit('post.published', {}, { tenant });
    await rest.settled();
    const { data } = await rest.webhooks.deliveries.list({ tenant }, { limit: 10 });
    const ids = data.map((delivery) => delivery.id);
    await by('ada')(`POST /deliveries/${ids[0]}/retry`);
    await rest.settled();
    expect(await theAct()).toMatchObject({
      act: 'delivery.resent',
      subject: { kind: 'delivery', id: ids[0] },
      endpointId: id,
      before: { status: 'succeeded' },
      after: { status: 'pending' },
    });
    await by('ada')('POST /deliveries/retry', { ids });
    await rest.settled();
    const resent = await newActs();
    expect(resent.map(({ subject }) => subject.id).sort()).toEqual([...ids].sort());

    rest.clock.advance('1m');
    const range = { since: '2020-01-01T00:00:00.000Z', until: new Date(rest.clock.now()).toISOString() };
    const counts = (await by('eve')(`POST /${id}/recover`, range)).body;
    expect(await theAct()).toMatchObject({
      act: 'recovery.started',
      actor: { id: 'eve' },
      endpointId: id,
      after: { ...range, ...counts },
    });
    await by('eve')(`PATCH /${id}`, { filter: { field: 'data.post_id', equals: 'none' } });
    await newActs();
    await by('eve')(`POST /${id}/recover`, range);
    expect(await theAct()).toMatchObject({ act: 'recovery.started', after: { resent: 0, created: 0 } });
  });

  it('records what the module does by itself as done by nobody, whoever caused the attempt', async () => {
    const id = await endpoint();
    rest.receiver.answer = 410;
    await rest.webhooks.emit('post.published', {}, { tenant });
    await rest.settled();
    expect(await theAct()).toMatchObject({
      act: 'endpoint.disabled',
      actor: { kind: 'module', id: null },
      endpointId: id,
      before: { active: true },
      after: { active: false, disabledReason: 'gone' },
    });
    await by('ada')(`PATCH /${id}`, { active: true });
    const [delivery] = (await rest.webhooks.deliveries.list({ tenant }, { limit: 1 })).data;
    await newActs();
    await by('ada')(`POST /deliveries/${delivery!.id}/retry`);
    await rest.settled();
    expect((await newActs()).map(({ act, actor }) => [act, actor.kind])).toEqual([
      ['endpoint.disabled', 'module'],
      ['delivery.resent', 'customer'],
    ]);
  });

  it('records nothing that was refused', async () => {
    const id = await endpoint();
    const other = await rest.endpoint(`other-${tenant}`);
    await by('ada')(`PATCH /${id}`, { active: false });
    await newActs();
    const refused = [
      ['POST /', { name: 'CRM', url: 'nonsense', events: ['*'] }, 400],
      [`PATCH /${id}`, { events: ['no.such'] }, 400],
      [`POST /${id}/secret/rotate`, { secret: 'short' }, 400],
      [`POST /${id}/test`, { eventType: 'no.such' }, 400],
      [`POST /${id}/recover`, { since: '2020-01-01' }, 409],
      [`PATCH /${other}`, { name: 'Mine' }, 404],
      [`DELETE /${other}`, undefined, 404],
      [`GET /${other}/secret`, undefined, 404],
      [`POST /${other}/secret/rotate`, {}, 404],
      [`POST /${other}/test`, { eventType: 'post.created' }, 404],
      [`POST /deliveries/dlv_${'0'.repeat(32)}/retry`, undefined, 404],
    ] as const;
    for (const [route, body, status] of refused) {
      expect([route, (await by('ada')(route, body)).status]).toEqual([route, status]);
    }
    expect(await newActs()).toEqual([]);
    expect((await acts('', `other-${tenant}`)).map(({ act }) => act)).toEqual(['endpoint.created']);
  });

  it('refuses an act if it is not known who does it', async () => {
    const id = await endpoint({ name: 'CRM' });
    expect((await by('broken')(`PATCH /${id}`, { name: 'ERP' })).status).toBe(500);
    expect((await by('broken')(`DELETE /${id}`)).status).toBe(500);
    expect((await by('broken')(`GET /${id}/secret`)).status).toBe(500);
    expect((await by('broken')(`GET /${id}`)).body).toMatchObject({ name: 'CRM' });
    expect(await newActs()).toEqual([]);
    expect((await by('nobody')(`PATCH /${id}`, { name: 'ERP' })).status).toBe(200);
    expect(await theAct()).toMatchObject({ actor: { kind: 'customer', id: null } });
  });

  it('holds no secret, no value of a header, and nothing of a URL that may be a credential', async () => {
    const { header, query, path, bearer, password, template, text } = SECRETS;
    const clientCertificate = ownAuthority().ada;
    const ownSecret = `whsec_${Buffer.from('secret-of-the-customer-4717-0000').toString('base64')}`;
    const url = `${rest.receiver.url}/services/${path}?token=${query}`;
    const input = {
      name: 'CRM',
      description: `Signed with ${text}`,
      url,
      events: ['*'],
      headers: { 'x-key': header },
      authorization: { type: 'bearer', token: bearer },
      clientCertificate,
      representation: { template: { routing_key: template } },
      secret: ownSecret,
    };
    const { id, secret } = (await by('ada')('POST /', input)).body;
    expect(secret).toBe(ownSecret);
    await by('ada')(`PATCH /${id}`, {
      url: `${url}0`,
      headers: { 'x-key': `${header}0` },
      authorization: { type: 'basic', username: 'us', password },
      representation: { template: { routing_key: `${template}0` } },
    });
    await by('ada')(`PATCH /${id}`, { clientCertificate: null, authorization: null });
    await by('ada')('POST /test', { url, headers: { 'x-key': header }, eventType: 'post.created', secret });
    await by('ada')(`GET /${id}/secret`);
    const rotated = (await by('ada')(`POST /${id}/secret/rotate`, {})).body.secret;
    await by('ada')(`DELETE /${id}`);
    expect((await newActs()).map(({ act }) => act)).toHaveLength(7);

    const rows = JSON.stringify(await rest.dataSource.query('SELECT * FROM webhook_audit'));
    expect(rows).toContain('/services/T0000000/B0000000/path…?…');
    const hidden = {
      ...SECRETS,
      path: 'pathTokenOfSlack4713',
      ownSecret,
      rotated,
      key: clientCertificate.key,
    };
    for (const [name, value] of Object.entries(hidden)) {
      expect([name, rows.includes(JSON.stringify(value).slice(1, -1))]).toEqual([name, false]);
    }
    expect(rows).not.toMatch(/whsec_\w|BEGIN/);
  });

  it('shows each tenant its own records, by webhook and by act, in pages', async () => {
    const id = await endpoint();
    const second = await endpoint();
    await by('ada')(`PATCH /${id}`, { name: 'First' });
    await by('ada')(`PATCH /${second}`, { name: 'Second' });
    await by('ada')(`PATCH /${id}`, { active: false });

    const stranger = `stranger-${tenant}`;
    for (const query of [
      '',
      `?endpointId=${id}`,
      '?act=endpoint.updated',
      `?endpointId=${id}&act=endpoint.updated`,
    ])
      expect(await acts(query, stranger)).toEqual([]);
    expect((await acts(`?endpointId=${id}`)).map(({ act }) => act)).toEqual([
      'endpoint.disabled',
      'endpoint.updated',
      'endpoint.created',
    ]);
    expect((await acts('?act=endpoint.updated')).map(({ endpointId }) => endpointId)).toEqual([second, id]);
    expect((await acts(`?endpointId=${id}&act=endpoint.updated`)).map(({ after }) => after)).toEqual([
      { name: 'First' },
    ]);

    const all = await acts();
    const paged: WebhookAuditView[] = [];
    for (let cursor = ''; ;) {
      const page = (await by('ada')(`GET /audit?limit=2${cursor}`)).body as WebhookPageView<WebhookAuditView>;
      paged.push(...page.data);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(paged).toEqual(all);
    expect((await by('ada')('GET /audit?act=pause.created')).status).toBe(400);
  });

  it('records on whose behalf the app’s own code acted', async () => {
    const id = await endpoint();
    await rest.webhooks.endpoints.update(tenant, id, { name: 'By code' });
    expect(await theAct()).toMatchObject({ actor: { kind: 'app', id: null } });
    await rest.webhooks.audit.as('support: ada', () =>
      rest.webhooks.endpoints.update(tenant, id, { name: 'By Ada' }),
    );
    expect(await theAct()).toMatchObject({ actor: { kind: 'app', id: 'support: ada' } });
    for (const wrong of ['', 'x'.repeat(256), 5 as never])
      expect(() => rest.webhooks.audit.as(wrong, () => undefined)).toThrow(
        /actor must be a text of 1 to 255/,
      );
  });

  it('stores a change and its record in one transaction, so that concurrent changes form a chain', async () => {
    const id = await endpoint({ name: '0' });
    const names = Array.from({ length: 12 }, (_, index) => String(index + 1));
    await Promise.all(names.map((name) => by(`user-${name}`)(`PATCH /${id}`, { name })));
    const changes = (await newActs()).toReversed();
    // Each one begins where the one before it ended: ids are of the time before their transaction, so that the order is another.
    const next = new Map(changes.map(({ before, after }) => [before!['name'], after!['name']]));
    let name: unknown = '0';
    const chain: unknown[] = [];
    while ((name = next.get(name)) !== undefined) chain.push(name);
    expect([...chain].sort()).toEqual([...names].sort());
    for (const { actor, after } of changes) expect(actor.id).toBe(`user-${String(after!['name'])}`);
    expect(chain.at(-1)).toBe((await by('ada')(`GET /${id}`)).body.name);
  });

  it('tells the app of every act, once it is committed', async () => {
    const told: unknown[] = [];
    const listener = (event: { act: string }): unknown => told.push(event);
    rest.app.get(EventEmitter2).on('webhooks.audit.recorded', listener);
    const id = await endpoint({ name: 'CRM' });
    await by('ada')(`PATCH /${id}`, { name: 'ERP' });
    await by('ada')(`PATCH /${id}`, { name: 'ERP' });
    await by('ada')(`PATCH /${id}`, { events: ['no.such'] });
    await by('ada')(`GET /${id}/secret`);
    rest.app.get(EventEmitter2).off('webhooks.audit.recorded', listener);
    const rows = (await acts(`?endpointId=${id}`)).toReversed();
    expect(told).toEqual(rows.map((row) => ({ ...row, tenant })));
    expect(told).toHaveLength(3);
  });

  it('shows customers what operators did to their webhooks, but not who it was, and nothing of their other acts', async () => {
    const id = await endpoint();
    const ada = { kind: 'operator', id: 'ada' } as const;
    const log = rest.app.get(AuditLog);
    const subject = { kind: 'endpoint', id } as const;
    const after = { active: false, disabledNote: 'Too many complaints.' };
    await log.record({ tenant, act: 'endpoint.disabled', subject, after }, ada);
    await log.record({ tenant, act: 'pause.created', subject: { kind: 'pause', id: 'pse_1' } }, ada);
    await log.record({ tenant: '', act: 'job.started', subject: { kind: 'job', id: 'job_1' } }, ada);

    expect(await theAct()).toMatchObject({
      act: 'endpoint.disabled',
      actor: { kind: 'operator', id: null },
      after,
    });
    const { data } = await rest.webhooks.audit.list(tenant, { act: 'pause.created' }, { limit: 10 });
    expect(data).toEqual([]);
    const seenBy = async (query: string): Promise<string[]> => {
      const { body } = await rest.operator.get(`/audit?${query}`);
      const { data } = body as WebhookPageView<WebhookAuditView & { tenant: string }>;
      return data.map((row) => `${row.tenant} ${row.act} ${row.actor.kind} ${row.actor.id}`);
    };
    const made = `${tenant} endpoint.created app null`;
    const off = `${tenant} endpoint.disabled operator ada`;
    const paused = `${tenant} pause.created operator ada`;
    const started = ' job.started operator ada';
    expect(await seenBy(`tenant=${tenant}`)).toEqual([paused, off, made]);
    expect(await seenBy('actor=ada&limit=3')).toEqual([started, paused, off]);
    expect(await seenBy('actor=ada&act=pause.created&limit=1')).toEqual([paused]);
    expect(await seenBy('tenant=')).toEqual([started]);
    expect(await seenBy('act=job.started')).toEqual([started]);
    expect(await seenBy(`tenant=${tenant}&act=endpoint.created`)).toEqual([made]);
    expect(await seenBy(`endpointId=${id}`)).toEqual([off, made]);
    const now = rest.clock.now();
    expect(await seenBy(`tenant=${tenant}&since=${now}`)).toEqual([paused, off, made]);
    expect(await seenBy(`tenant=${tenant}&until=${now}`)).toEqual([]);
    expect((await seenBy('limit=3'))[0]).toBe(started);
  });

  it('does nothing that it can’t record', async () => {
    const id = await endpoint({ name: 'CRM' });
    await rest.webhooks.emit('post.published', {}, { tenant });
    await rest.settled();
    const delivery = (await rest.webhooks.deliveries.list({ tenant }, { limit: 1 })).data[0]!;
    const secret = await rest.webhooks.endpoints.secret(tenant, id);
    await newActs();
    const stored = async (): Promise<unknown> => [
      await rest.webhooks.endpoints.list(tenant, { limit: 10 }),
      await rest.webhooks.deliveries.get(tenant, delivery.id),
      (await rest.webhooks.events.list({ tenant }, { limit: 10 })).data.length,
    ];
    const before = await stored();
    await rest.dataSource.query('ALTER TABLE webhook_audit RENAME TO webhook_audit_away');
    const statuses: [string, number][] = [];
    for (const [route, body] of [
      ['POST /', { name: 'ERP', url: rest.receiver.url, events: ['*'] }],
      [`PATCH /${id}`, { name: 'ERP' }],
      [`DELETE /${id}`, undefined],
      [`GET /${id}/secret`, undefined],
      [`POST /${id}/secret/rotate`, {}],
      [`POST /${id}/test`, { eventType: 'post.created' }],
      [`POST /deliveries/${delivery.id}/retry`, undefined],
      [`POST /${id}/recover`, { since: '2020-01-01' }],
    ] as const)
      statuses.push([route, (await by('ada')(route, body)).status]);
    await rest.dataSource.query('ALTER TABLE webhook_audit_away RENAME TO webhook_audit');

    expect(statuses.filter(([, status]) => status !== 500)).toEqual([]);
    expect(await stored()).toEqual(before);
    expect(await rest.webhooks.endpoints.secret(tenant, id)).toEqual(secret);
  });

  it('keeps acts for their own retention, and prunes them in batches', async () => {
    const id = await endpoint();
    await rest.webhooks.emit('post.published', {}, { tenant });
    await rest.settled();
    const [made] = await acts();
    const row = await rest.dataSource.manager.findOneByOrFail(WebhookAuditRow, { id: made!.id });
    const many = Array.from({ length: 1_100 }, () => ({ ...row, id: newId('act', rest.clock.now()) }));
    for (let start = 0; start < many.length; start += 100)
      await rest.dataSource.manager.insert(WebhookAuditRow, many.slice(start, start + 100));

    rest.clock.advance('60d');
    await rest.app.get(RetentionService).runOnce();
    expect((await rest.webhooks.deliveries.list({ tenant }, { limit: 1 })).data).toEqual([]);
    expect(await rest.dataSource.manager.countBy(WebhookAuditRow, { tenant })).toBe(1_101);

    await by('ada')(`PATCH /${id}`, { name: 'Younger' });
    rest.clock.advance('31d');
    await rest.app.get(RetentionService).runOnce();
    expect((await acts()).map(({ act }) => act)).toEqual(['endpoint.updated']);
  });
});

it('records nothing with audit: false, and asks nobody who acts', async () => {
  let asked = 0;
  const actor = (): string => `asked ${++asked}`;
  const rest = await restApp({ webhooks: { api: { ...api, actor }, audit: false } });
  const headers = { 'x-session': 'ada@acme' };
  const made = await rest.call('POST', '/api/webhooks', {
    headers,
    body: { name: 'CRM', url: rest.receiver.url, events: ['*'] },
  });
  await rest.call('DELETE', `/api/webhooks/${made.body.id}`, { headers });
  const answer = await rest.call('GET', '/api/webhooks/audit', { headers });
  await rest.stop();
  expect(answer.body).toEqual({ data: [], nextCursor: null });
  expect(asked).toBe(0);
});

it('keeps 255 characters of an actor’s name, on one line, and accepts only a text', async () => {
  const names: unknown[] = [`\u202e${'x'.repeat(400)}\n`, 4711, '', null, { name: 'Ada' }];
  const actor = (): string => names.shift() as string;
  const rest = await restApp({ webhooks: { api: { ...api, actor } } });
  const create = () =>
    rest.call('POST', '/api/webhooks', {
      headers: { 'x-session': 'ada@acme' },
      body: { name: 'CRM', url: rest.receiver.url, events: ['*'] },
    });
  const statuses = [];
  while (names.length > 0) statuses.push((await create()).status);
  const { data } = await rest.webhooks.audit.list('acme', {}, { limit: 10 });
  await rest.stop();
  expect(statuses).toEqual([201, 201, 201, 201, 500]);
  expect(data.map(({ actor: { id } }) => id)).toEqual([
    null,
    null,
    '4711',
    expect.stringMatching(/^\\u202ex{249}$/),
  ]);
});
