import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OwnServer } from '../chaos/own-server.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

let t: SendingApp | undefined;
let server: OwnServer | undefined;
let lines: string[];
beforeEach(() => {
  lines = [];
  for (const level of ['error', 'warn'] as const) {
    vi.spyOn(Logger.prototype, level).mockImplementation(
      (message: unknown) => void lines.push(`${level} ${message}`),
    );
  }
});
afterEach(async () => {
  await t?.stop();
  await server?.stop();
  [t, server] = [undefined, undefined];
  vi.restoreAllMocks();
});

const emit = (): Promise<unknown> => t!.webhooks.emit('post.published', {}, { tenant: 'acme' });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const rename = (from: string, to: string): Promise<unknown> =>
  t!.dataSource.query(`ALTER TABLE ${from} RENAME TO ${to}`);
const about = (what: string): string[] => lines.filter((line) => line.includes(what));

describe('While the database is away', () => {
  it('the relay says so once, and once that it is over, with how long and how often', async () => {
    t = await sendingApp({ clock: false, webhooks: { delivery: { pollInterval: '10ms' } } });
    await rename('webhook_deliveries', 'away');
    await vi.waitFor(() => expect(about('The relay can’t claim')).not.toEqual([]));
    await pause(300);
    await rename('away', 'webhook_deliveries');
    await vi.waitFor(() => expect(about('this is over after')).not.toEqual([]));

    const [begins, ends, ...more] = about('The relay');
    expect(begins).toMatch(/^error The relay can’t claim: .*no such table: webhook_deliveries/);
    expect(ends).toMatch(/^warn The relay can’t claim: this is over after 1 s and \d\d+ failures\.$/);
    expect(more).toEqual([]);
  });

  it('outcomes that can’t be stored are told of once, however many there are', async () => {
    t = await sendingApp();
    await t.endpoint();
    const held: ServerResponse[] = [];
    t.receiver.answer = (_, response) => void held.push(response);
    for (let sent = 0; sent < 5; sent++) await emit();
    await t.receiver.received(5);
    await rename('webhook_attempts', 'away');
    for (const response of held) response.end();
    await vi.waitFor(() => expect(about('Outcomes')).not.toEqual([]));
    await pause(200);
    await rename('away', 'webhook_attempts');
    await t.settled();

    expect(about('Outcomes')).toEqual([
      expect.stringMatching(
        /^error Outcomes can.t be stored whole: no such table: webhook_attempts\. Until this/,
      ),
    ]);
    const stored = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data;
    expect(stored.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'succeeded'));
  });
});

describe.each(['bull', 'bullmq'] as const)('While Redis, over %s,', (queue) => {
  const start = async (): Promise<void> => {
    server = await OwnServer.start('Redis');
    t = await sendingApp({
      queue,
      clock: false,
      webhooks: { redis: server.url, delivery: { pollInterval: '1h' } },
    });
    await t.endpoint();
    await emit();
    await t.receiver.received(1);
    lines = [];
  };
  const expectOneOutage = (problem: RegExp): void => {
    expect(about('Redis')).toEqual([
      expect.stringMatching(problem),
      expect.stringMatching(/^warn Redis does not work: this is over after \d+ s and \d+ failures\.$/),
    ]);
  };

  it('is full, one line tells that it began, and one that it is over', async () => {
    await start();
    const admin = new Redis(server!.url);
    await admin.config('SET', 'maxmemory', '1');
    for (let sent = 0; sent < 5; sent++) {
      await emit();
      await pause(30);
    }
    await admin.config('SET', 'maxmemory', '0');
    admin.disconnect();
    await emit();
    await vi.waitFor(() => expect(about('this is over after')).not.toEqual([]));

    expectOneOutage(/^error Redis does not work: .*OOM/);
  });

  it('is down, one line tells that it began, and one that it is over', async () => {
    await start();
    await server!.kill();
    await pause(500);
    await server!.up();
    await vi.waitFor(() => expect(about('this is over after')).not.toEqual([]), { timeout: 10_000 });

    expectOneOutage(/^error Redis does not work: /);
  });
});
