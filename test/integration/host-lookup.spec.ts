import dns from 'node:dns';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WEBHOOKS_LOOKUP } from '../../lib/config/tokens.js';
import type { HostLookup } from '../../lib/delivery/guarded-connector.js';
import { hostLookup, type HostLookupOptions } from '../../lib/delivery/host-lookup.js';
import { answering, client, post } from '../support/http-sender.js';
import { nameServer, type Answers } from '../support/name-server.js';
import { sendingApp } from '../support/sending-app.js';
import { answerOk, atEnd, cleanUp, rawServer } from '../support/tcp-servers.js';

afterEach(cleanUp);

const SILENT = Array.from({ length: 10 }, (_, n) => `dead-${n}.example.com`);
const silentForSome: Answers = (name) => (SILENT.includes(name) ? undefined : ['127.0.0.1']);

const find = (lookup: HostLookup, name: string): Promise<string[] | string | undefined> =>
  new Promise((resolve) =>
    lookup(name, { all: true, order: 'verbatim' }, (error, found) =>
      resolve(error ? error.code : found.map(({ address }) => address)),
    ),
  );

/** A hosts file that is gone when the test ends. */
function hostsFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'hosts');
  writeFileSync(path, text);
  return path;
}

async function lookupWith(answers: Answers, options: HostLookupOptions = {}) {
  const { server, asked } = await nameServer(answers);
  const system = answering(['127.0.0.9']);
  const lookup = hostLookup({ servers: [server], hostsFile: '/nowhere', systemLookup: system, ...options });
  return { lookup, asked, system };
}

describe('A name', () => {
  it('has the addresses that the name server gives', async () => {
    const { lookup, system } = await lookupWith(() => ['127.0.0.1', '127.0.0.2']);
    expect(await find(lookup, 'hooks.example.com')).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(system.calls).toEqual([]);
  });

  it('of the hosts file has the addresses there, whatever name servers say, and new ones once it changes', async () => {
    const path = hostsFile(
      '127.0.0.3 Hooks.example.com other # note\n::1\thooks.example.com\n# 127.0.0.4 off\n',
    );
    const { lookup, asked } = await lookupWith(() => ['127.0.0.1'], { hostsFile: path });
    expect(await find(lookup, 'hooks.EXAMPLE.com')).toEqual(['127.0.0.3', '::1']);
    expect(await find(lookup, 'other')).toEqual(['127.0.0.3']);
    expect(asked).toEqual([]);
    writeFileSync(path, '127.0.0.5 hooks.example.com\n');
    utimesSync(path, 1, 1);
    expect(await find(lookup, 'hooks.example.com')).toEqual(['127.0.0.5']);
    expect(await find(lookup, 'off')).toEqual(['127.0.0.1']);
  });

  it('that name servers do not know is asked of the system: it may be of a search domain', async () => {
    const { lookup, system } = await lookupWith(() => null);
    expect(await find(lookup, 'receiver.default')).toEqual(['127.0.0.9']);
    expect(system.calls).toEqual(['receiver.default']);
  });

  it.each(['localhost', 'a.localhost', 'printer.local', 'app.test'])(
    '%s is never asked of name servers',
    async (name) => {
      const { lookup, asked } = await lookupWith(() => ['127.0.0.1']);
      expect(await find(lookup, name)).toEqual(['127.0.0.9']);
      expect(asked).toEqual([]);
    },
  );

  it('that only the system knows waits for its turn: no two threads are taken', async () => {
    const waiting: (() => void)[] = [];
    const systemLookup: HostLookup = (_, __, callback) =>
      void waiting.push(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
    const { lookup } = await lookupWith((name) => (name.startsWith('known') ? ['127.0.0.2'] : null), {
      systemLookup,
    });
    const answers = ['a.internal', 'b.internal', 'c.internal'].map((name) => find(lookup, name));
    expect(await find(lookup, 'known.example.com')).toEqual(['127.0.0.2']);
    for (const answer of answers) {
      while (waiting.length === 0) await setTimeout(5);
      expect(waiting).toHaveLength(1);
      waiting.pop()!();
      expect(await answer).toEqual(['127.0.0.1']);
    }
  });

  it('that is asked for many times at once is one question for each kind of address', async () => {
    const { lookup, asked } = await lookupWith(() => ['127.0.0.1']);
    await Promise.all(Array.from({ length: 50 }, () => find(lookup, 'hooks.example.com')));
    expect(asked).toEqual(['hooks.example.com', 'hooks.example.com']);
  });
});

describe('A name server that never answers', () => {
  it.each([2, 10])('for %d names holds up no other, nor a look-up of the app', async (count) => {
    const { lookup, system } = await lookupWith(silentForSome);
    const { port } = await rawServer(answerOk);
    const sender = client({ lookup, timeoutMs: 3_000 });
    const dead = SILENT.slice(0, count).map((name) => post(sender, `http://${name}:${port}/`));
    await setTimeout(50);
    const startedAt = performance.now();
    for (let n = 0; n < 20; n += 1) {
      expect((await post(sender, `http://alive-${n}.example.com:${port}/`)).status).toBe(200);
    }
    await dns.promises.lookup('localhost');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(system.calls).toEqual([]);
    for (const { error } of await Promise.all(dead)) expect(error?.code).toBe('timeout');
  });

  it('is an error of its own where the deadline is longer', async () => {
    const { lookup } = await lookupWith(silentForSome);
    const { error } = await post(client({ lookup, timeoutMs: 30_000 }), `http://${SILENT[0]}/`);
    expect(error).toEqual({ code: 'dns', message: 'the name server did not answer' });
  }, 30_000);

  it('for ten endpoints of one tenant leaves another tenant’s events on time', async () => {
    const { lookup } = await lookupWith(silentForSome);
    const module = class {};
    const lookups = {
      module,
      global: true,
      providers: [{ provide: WEBHOOKS_LOOKUP, useValue: lookup }],
      exports: [WEBHOOKS_LOOKUP],
    };
    const t = await sendingApp({ imports: [lookups] });
    atEnd(() => t.stop());
    for (const name of SILENT) await t.endpoint({ tenant: 'dead', url: `http://${name}/` });
    await t.endpoint({ tenant: 'alive', url: t.receiver.url.replace('127.0.0.1', 'alive.example.com') });
    // Fewer requests than a process makes at once: what they hold is the look-ups alone.
    for (let n = 0; n < 4; n += 1) await t.webhooks.emit('post.published', {}, { tenant: 'dead' });
    const startedAt = performance.now();
    for (let n = 0; n < 30; n += 1) await t.webhooks.emit('post.published', {}, { tenant: 'alive' });
    await t.receiver.received(30);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  }, 60_000);
});
