import Bull, { type Queue } from 'bull';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { catchDroppedPromises } from '../../../lib/compat/bull.js';
import { isOnline, untilDisconnected } from '../../../lib/compat/redis-client.js';
import { FaultProxy } from '../../chaos/fault-proxy.js';
import { redisFor } from '../../support/redis.js';

const closed: Queue[] = [];

function queueOn(redis: string, prefix: string, retryStrategy: () => number | null = () => 50): Queue {
  const queue = new Bull('compat', redis, {
    prefix,
    redis: { enableReadyCheck: false, retryStrategy },
  });
  queue.on('error', () => undefined);
  closed.push(queue);
  return queue;
}

const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    () => 'rejected',
  );

describe('What is assumed of Bull:', () => {
  let proxy: FaultProxy;
  let prefix: string;

  beforeEach(async () => {
    const { redis, redisPrefix } = redisFor();
    prefix = redisPrefix;
    proxy = await FaultProxy.start(redis);
  });
  afterEach(async () => {
    proxy.heal();
    for (const queue of closed.splice(0)) await queue.close(true).catch(() => undefined);
    await proxy.stop();
  });

  it('process and setWorkerName reject where a connection ends that was never there, and can be replaced', async () => {
    const noRedis = (): Queue => queueOn('redis://127.0.0.1:1', prefix, () => null);
    const plain = noRedis();
    const setWorkerName = plain.setWorkerName.bind(plain) as () => Promise<unknown>;
    const naming: Promise<string>[] = [];
    plain.setWorkerName = () => {
      naming.push(outcomeOf(setWorkerName()));
      return Promise.resolve();
    };
    const processing = outcomeOf(plain.process(async () => undefined));
    expect(await Promise.all([processing, ...naming])).toEqual(['rejected', 'rejected']);

    const queue = noRedis();
    const onRefused = vi.fn<(error: unknown) => void>();
    catchDroppedPromises(queue, onRefused);
    const named = vi.spyOn(queue, 'setWorkerName');
    const started = outcomeOf(queue.process(async () => undefined));
    expect(await started).toBe('resolved');
    expect(onRefused).toHaveBeenCalledTimes(1);
    expect(await Promise.all(named.mock.results.map(({ value }) => outcomeOf(value)))).toEqual(['resolved']);
  });

  it('its client tells whether Redis is there', async () => {
    const queue = queueOn(proxy.url, prefix);
    await queue.isReady();
    await vi.waitFor(() => expect(isOnline(queue.client)).toBe(true));
    proxy.down();
    await vi.waitFor(() => expect(isOnline(queue.client)).toBe(false));
    proxy.heal();
    await vi.waitFor(() => expect(isOnline(queue.client)).toBe(true), { timeout: 10_000 });
  });

  it('an add does not settle where the connection ends before the answer, and the client tells of its end', async () => {
    const queue = queueOn(proxy.url, prefix);
    await queue.isReady();
    expect(await untilDisconnected(queue.client, queue.add({}))).toBe(true);
    proxy.freeze('answers');
    const added = queue.add({});
    const settled = vi.fn<() => void>();
    added.then(settled, settled);
    const told = untilDisconnected(queue.client, added);
    proxy.down();
    expect(await told).toBe(false);
    expect(settled).not.toHaveBeenCalled();
  });

  it('while there is a job of an id, no other of that id is added', async () => {
    const queue = queueOn(proxy.url, prefix);
    await queue.isReady();
    for (let n = 0; n < 3; n++) await queue.add({}, { jobId: 'wake', removeOnComplete: true });
    expect(await queue.getJobCounts()).toMatchObject({ waiting: 1 });
    const completed = new Promise((resolve) => queue.once('completed', resolve));
    void queue.process(async () => undefined);
    await completed;
    await queue.pause(true);
    await queue.add({}, { jobId: 'wake', removeOnComplete: true });
    await vi.waitFor(async () => expect(await queue.count()).toBe(1));
  });
});
