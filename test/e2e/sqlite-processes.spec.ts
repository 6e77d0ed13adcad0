import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

const HOLDER = fileURLToPath(new URL('../support/sqlite-holder.cjs', import.meta.url));
const HELD_MS = 600;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** An app on a file, and another process on it that can lock the file. */
async function appBeside(journal: string): Promise<SendingApp & { told(what: string): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'app.db');
  const on: TestDatabase = {
    options: {
      type: 'better-sqlite3',
      database: file,
      prepareDatabase: (db: { pragma(source: string): unknown }) => db.pragma(`journal_mode = ${journal}`),
      timeout: 4_321,
    } as TestDatabase['options'],
    drop: async () => undefined,
  };
  const t = await sendingApp({ on, migrate: true });
  cleanups.push(() => t.stop());
  await t.endpoint();
  const holder = fork(HOLDER, [file]);
  cleanups.push(() => holder.kill());
  await once(holder, 'message');
  const told = async (what: string): Promise<void> => {
    const done = once(holder, 'message');
    holder.send(what);
    await done;
  };
  return { ...t, told };
}

describe.each([
  ['delete', 'EXCLUSIVE'],
  ['delete', 'IMMEDIATE'],
  ['wal', 'IMMEDIATE'],
])('While another process holds a transaction on the SQLite file (journal %s, %s)', (journal, mode) => {
  it('emits, reads and outcomes wait for it, and the event loop goes on', async () => {
    const t = await appBeside(journal);
    await t.told(mode);
    let longest = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    cleanups.push(() => clearInterval(ticks));
    let isStored = false;
    const stored = t.webhooks.emit('post.published', {}, { tenant: 'acme' }).finally(() => (isStored = true));
    const listed = t.webhooks.endpoints.list('acme', { limit: 10 });
    await setTimeout(HELD_MS);
    expect(isStored).toBe(false);
    await t.told('COMMIT');
    await stored;
    await t.told(mode);
    await t.receiver.received(1);
    await setTimeout(HELD_MS);
    await t.told('COMMIT');
    await t.settled();
    expect(longest).toBeLessThan(HELD_MS / 2);
    expect((await listed).data).toHaveLength(1);
    const delivered = (
      await t.webhooks.deliveries.list({ tenant: 'acme', status: 'succeeded' }, { limit: 10 })
    ).data;
    expect(delivered).toHaveLength(1);
    // The app's own statements wait as it has set it.
    expect(await t.dataSource.query('PRAGMA busy_timeout')).toEqual([{ timeout: 4_321 }]);
  });
});
