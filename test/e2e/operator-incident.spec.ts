import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobRounds } from '../../lib/operation/acts/jobs/job-rounds.js';
import { WebhookDelivery } from '../../lib/persistence/webhook-delivery.entity.js';
import { WebhookWorkerRow } from '../../lib/persistence/webhook-worker.entity.js';
import { operatorApp, type OperatorApp } from '../support/operator-app.js';

const PAGE = readFileSync(new URL('../../docs/how-to/operator.md', import.meta.url), 'utf8');
const [, INCIDENT = ''] = PAGE.split('## An incident, played through\n');
const STEPS = INCIDENT.split('\n## ')[0]!.split(/^\d+\. /m);
const MINUTE = 60_000;

/** The steps go on where the one before has ended, as the reader does, with the requests of the page. */
describe('The incident of docs/how-to/operator.md', () => {
  let t: OperatorApp;
  let acme: string;
  let globex: string;
  beforeAll(async () => {
    t = await operatorApp();
    acme = await t.endpoint('acme', { name: 'Orders', url: `${t.receiver.url}/hooks.acme.example` });
    // Nothing listens there.
    globex = await t.endpoint('globex', { name: 'Stock', url: 'http://127.0.0.1:4/' });
    await t.webhooks.emit('post.published', { id: 1 }, { tenant: 'acme' });
    await t.webhooks.emit('post.published', { id: 2 }, { tenant: 'globex' });
    await t.after(0);
    t.clock.advance('1s');
    await t.webhooks.emit('post.published', { id: 3 }, { tenant: 'globex' });
    const at = t.clock.now() - 28 * MINUTE;
    await t.dataSource
      .getRepository(WebhookDelivery)
      .update({ endpointId: globex }, { nextAttemptAt: at, leaseToken: null });
  });
  afterAll(() => t?.stop());

  /** What a request in that step answers, and a check that the step names what it is about. */
  const asked = async (step: number, start: string, change: (path: string) => string = (path) => path) => {
    const path = new RegExp(`\`GET (${start}[^\`]*)\``).exec(STEPS[step]!)?.[1];
    if (path === undefined) throw new Error(`Step ${step} has no GET ${start}.`);
    const answer = await t.operator.get(`/${change(path)}`);
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.body;
  };
  const says = (step: number, ...words: string[]): void => {
    for (const word of words) expect(STEPS[step]).toContain(`\`${word}\``);
  };
  const deliveryOf = async (tenant: string): Promise<string> =>
    (await t.operator.get(`/deliveries?tenant=${tenant}&status=pending&limit=1`)).body.data[0].id;
  const waitingFor = async (): Promise<string> =>
    (await t.operator.get(`/deliveries/${await deliveryOf('globex')}`)).body.waitingFor.code;

  it('1. tells what is wrong', async () => {
    says(1, 'lag', 'away', 'no-worker', 'workers');
    const { attention, workers } = await asked(1, 'overview');
    const kinds = attention.map(({ kind, tenant }: { kind: string; tenant: string }) => [kind, tenant]);
    expect(kinds[0]).toEqual(['lag', null]);
    expect(kinds).toContainEqual(['away', 'globex']);
    expect(kinds).not.toContainEqual(['no-worker', null]);
    expect(workers).toMatchObject([{ isAlive: true }]);
  });

  it('2. tells whether it is one tenant, and since when', async () => {
    says(2, 'backlog');
    const { backlog } = (await t.operator.get('/overview')).body;
    expect(backlog.map(({ tenant }: { tenant: string }) => tenant)).toEqual(['globex']);
    expect(await asked(2, 'lag')).toHaveProperty('data');
  });

  it('3. finds the endpoint of the customer who wrote, and its log', async () => {
    const { data } = await asked(3, 'search');
    expect(data).toMatchObject([{ kind: 'endpoint', id: acme, tenant: 'acme' }]);
    const log = await asked(3, 'deliveries', (path) => path.replace('…', acme));
    expect(log.data).toMatchObject([{ status: 'succeeded' }]);
    expect((await asked(3, 'events')).data).toHaveLength(1);
  });

  it('4. pauses the tenant: events are stored, and no attempt is counted', async () => {
    const { body: pause } = await t.operator.post('/pauses', { scope: 'tenant', tenant: 'globex' });
    await t.webhooks.emit('post.published', { id: 4 }, { tenant: 'globex' });
    await t.after(MINUTE);
    expect(await waitingFor()).toBe('paused');
    const { data } = (await t.operator.get('/deliveries?tenant=globex')).body;
    expect(data.map(({ attemptCount }: { attemptCount: number }) => attemptCount)).toEqual([0, 0, 1]);
    expect((await t.operator.delete(`/pauses/${pause.id}`)).status).toBe(204);
  });

  it('6. tells of the deliveries whose worker was killed, and that there is none', async () => {
    says(6, 'lease-end', 'no-worker');
    const rows = t.dataSource.getRepository(WebhookDelivery);
    const workers = t.dataSource.getRepository(WebhookWorkerRow);
    const id = await deliveryOf('globex');
    await rows.update({ id }, { nextAttemptAt: t.clock.now() + 30_000, leaseToken: 'f'.repeat(32) });
    expect(await waitingFor()).toBe('lease-end');
    const all = await workers.find();
    await workers.clear();
    expect((await t.operator.get('/overview')).body.attention[0].kind).toBe('no-worker');
    await workers.insert(all);
    await rows.update({ id }, { leaseToken: null });
  });

  it('7. resends what has failed, after a preview, and says who did what', async () => {
    const rows = t.dataSource.getRepository(WebhookDelivery);
    await rows.update(
      { endpointId: globex },
      { status: 'failed', nextAttemptAt: null, leaseToken: null, completedAt: t.clock.now() },
    );
    const { data } = await asked(7, 'deliveries');
    expect(data).toHaveLength(3);
    const job = { kind: 'resend', filter: { tenant: 'globex', status: 'failed' }, perSecond: 20 };
    expect((await t.operator.post('/jobs/preview', job)).body).toEqual({ total: 3, isMore: false });
    const { body: started } = await t.operator.post('/jobs', job);
    await t.app.get(JobRounds).runOnce();
    t.clock.advance('1s');
    await t.app.get(JobRounds).runOnce();
    expect((await t.operator.get(`/jobs/${started.id}`)).body).toMatchObject({ done: 3, status: 'done' });
    const acts = (await t.operator.get('/audit?actor=ada')).body.data;
    expect(acts.map(({ act }: { act: string }) => act)).toEqual([
      'job.started',
      'pause.ended',
      'pause.created',
    ]);
  });
});
