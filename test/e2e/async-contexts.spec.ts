import { AsyncLocalStorage } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { daily } from '../support/daily.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

/** What an app keeps per request: its user, its transaction, its span. */
interface Request {
  readonly tenant: string;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const MINUTE = 60_000;

const STACKS: readonly (SendingAppOptions & { name: string })[] = daily(
  [
    { name: 'sqlite', database: 'sqlite' },
    { name: 'postgres over Bull, own first', database: 'postgres', queue: 'bull', ownFirst: true },
  ],
  { name: 'postgres', database: 'postgres' },
  { name: 'mariadb over Bull', database: 'mariadb', queue: 'bull' },
);

describe.each(STACKS)('On $name', (stack) => {
  const requests = new AsyncLocalStorage<Request>();
  let t: SendingApp;
  let heard: { name: string; store: Request | undefined }[];
  afterEach(() => t.stop());

  const start = async (): Promise<void> => {
    t = await sendingApp({ ...stack, webhooks: { retry: { schedule: ['5m'] } } });
    heard = [];
    t.app
      .get(EventEmitter2)
      .onAny((name) => void heard.push({ name: String(name), store: requests.getStore() }));
    for (const tenant of ['acme', 'globex']) await t.endpoint({ tenant });
  };
  const emit = (tenant: string): Promise<unknown> =>
    requests.run({ tenant }, () => t.webhooks.emit('post.published', {}, { tenant }));
  const names = (): string[] => [...new Set(heard.map(({ name }) => name))].sort();

  it('a lifecycle event is heard in no caller’s context, whoever caused it', async () => {
    await start();
    await Promise.all(Array.from({ length: 10 }, () => ['acme', 'globex'].map(emit)).flat());
    await t.settled();
    t.receiver.answer = 500;
    await Promise.all(['acme', 'globex'].map(emit));
    await t.settled();
    await t.after(5 * MINUTE);
    const [endpoint] = (await t.webhooks.endpoints.list('acme', { limit: 1 })).data;
    const [failed] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    await requests.run({ tenant: 'acme' }, async () => {
      await t.webhooks.deliveries.test('acme', endpoint!.id, 'post.created');
      await t.webhooks.deliveries.retry('acme', failed!.id);
    });
    await t.settled();
    t.receiver.answer = 410;
    await requests.run({ tenant: 'acme' }, async () => {
      await t.webhooks.emit('post.created', {}, { tenant: 'acme' });
      await t.webhooks.deliverDue();
    });
    await t.settled();

    expect(names()).toEqual([
      'webhooks.audit.recorded',
      'webhooks.delivery.failed',
      'webhooks.delivery.retrying',
      'webhooks.delivery.succeeded',
      'webhooks.endpoint.disabled',
    ]);
    expect(heard.filter(({ store }) => store !== undefined)).toEqual([]);
  });

  it('nothing keeps what the first caller’s context holds: no timer, no socket, no pool', async () => {
    await start();
    // The pool of connections to the receiver, the sweeper, a rate limit and a retry begin within it.
    const first = async (): Promise<WeakRef<Request>> => {
      const request = { tenant: 'acme' };
      await requests.run(request, async () => {
        const { id } = await t.endpoint({ rateLimit: 1 });
        for (let sent = 0; sent < 3; sent++) {
          await t.webhooks.emit('post.published', {}, { tenant: 'acme', idempotencyKey: `key ${sent}` });
        }
        t.receiver.nextAnswers.push(500);
        await t.webhooks.deliveries.test('acme', id, 'post.created');
        await t.webhooks.deliverDue({ timeout: '100ms' });
      });
      return new WeakRef(request);
    };
    const request = await first();

    await vi.waitFor(
      () => {
        collectGarbage();
        // An assertion on the object itself would keep it.
        expect(request.deref() === undefined).toBe(true);
      },
      { timeout: 5_000 },
    );
  });
});
