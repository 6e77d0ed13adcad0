import net from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resolveOptions } from '../../lib/config/resolve-options.js';
import type { WebhookHttpClient } from '../../lib/delivery/http-client.js';
import { createCertificates } from '../support/certificates.js';
import { connectProxy, type ConnectProxy } from '../support/connect-proxy.js';
import { answering, client, loopbackPolicy, post } from '../support/http-sender.js';
import { sendingApp } from '../support/sending-app.js';
import { answerOk, cleanUp, closed, listen, rawServer, tlsServer, trickle } from '../support/tcp-servers.js';

afterEach(cleanUp);

const MINUTE = 60_000;
const PRIVATE = {
  code: 'proxy',
  message: 'The request could not leave the sender’s network. Nothing was sent to your server.',
};

describe('Through a proxy', () => {
  let certificates: ReturnType<typeof createCertificates>;
  beforeAll(() => {
    certificates = createCertificates();
  });
  const through = (
    proxy: Pick<ConnectProxy, 'config'>,
    options: Parameters<typeof client>[0] = {},
  ): WebhookHttpClient => client({ proxy: proxy.config, lookup: answering(['127.0.0.1']), ...options });

  it('a tunnel leads to the address that was judged, never to a name, and TLS in it has the name', async () => {
    const proxy = await connectProxy();
    const { port, names } = await tlsServer(answerOk, certificates.valid);
    const sender = through(proxy, { ca: [certificates.valid.cert] });
    for (let n = 0; n < 2; n++) {
      const result = await post(sender, `https://hooks.example.com:${port}/`);
      expect(result).toMatchObject({ status: 200, error: null });
    }
    expect(proxy.asked).toEqual([{ authority: `127.0.0.1:${port}`, headers: { host: `127.0.0.1:${port}` } }]);
    expect(names).toEqual(['hooks.example.com']);
  });

  it('http goes in a tunnel as well, with the credentials for the proxy and not for the receiver', async () => {
    const proxy = await connectProxy(({ 'proxy-authorization': given }) => (given ? 200 : 407));
    const seen: string[] = [];
    const { port } = await listen(
      net.createServer((socket) =>
        socket.on('data', (chunk) => {
          seen.push(chunk.toString());
          answerOk(socket);
        }),
      ),
    );
    const { proxy: config } = resolveOptions({
      network: { proxy: `http://ada:p%40ss@127.0.0.1:${proxy.port}` },
    }).network;
    expect(
      (await post(through({ config: config as never }), `http://hooks.example.com:${port}/`)).status,
    ).toBe(200);
    expect(proxy.asked[0]!.headers['proxy-authorization']).toBe(
      `Basic ${Buffer.from('ada:p@ss').toString('base64')}`,
    );
    expect(seen.join()).not.toContain('proxy-authorization');
    expect(seen.join()).toContain('host: hooks.example.com');
  });

  it('nothing is asked for an address that the policy refuses, by a name or as it is', async () => {
    const proxy = await connectProxy();
    const policy = loopbackPolicy({ allowedAddresses: [] });
    const sender = through(proxy, { policy });
    for (const url of ['https://hooks.example.com/', 'https://127.0.0.1/']) {
      expect((await post(sender, url)).error).toMatchObject({ code: 'refused-destination' });
    }
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ['refuses', () => 403, 'it refuses to connect (403)'],
    ['wants credentials', () => 407, 'it wants other credentials (407)'],
    ['dies while it is asked', () => 'die' as const, 'it closed the connection before it opened a tunnel'],
    ['dies within its answer', () => 'half' as const, 'it closed the connection before it opened a tunnel'],
  ])('one that %s is told to operators, and is no business of customers', async (_, answer, told) => {
    const proxy = await connectProxy(answer);
    const failures: string[] = [];
    const proxyHealth = {
      failed: (error: unknown) => failures.push((error as Error).message),
      worked: () => undefined,
    };
    const result = await post(through(proxy, { proxyHealth }), 'http://hooks.example.com/');
    expect(result).toMatchObject({ status: null, error: PRIVATE });
    expect(failures).toEqual([told]);
  });

  it('one that does not listen, or never answers, ends with the attempt', async () => {
    const { port } = await listen(net.createServer((socket) => trickle(socket, 'x')));
    const silent = { config: { host: '127.0.0.1', port, authorization: null } };
    expect((await post(through(silent, { timeoutMs: 200 }), 'http://hooks.example.com/')).error).toEqual({
      code: 'timeout',
      message: 'timed out after 200 ms while connecting',
    });
    const nobody = { config: { host: '127.0.0.1', port: 1, authorization: null } };
    expect((await post(through(nobody), 'http://hooks.example.com/')).error).toEqual(PRIVATE);
  });

  it('one that can not reach the receiver says so of the receiver', async () => {
    const proxy = await connectProxy();
    const { error } = await post(through(proxy), 'http://hooks.example.com:1/');
    // The port is one that is blocked: the URL is refused before.
    expect(error?.code).toBe('refused-destination');
    const unreached = await post(through(await connectProxy(() => 502)), 'http://hooks.example.com/');
    expect(unreached.error).toEqual({ code: 'connection', message: 'host unreachable' });
  });

  it('a tunnel that breaks with a request in it is a failed attempt, and the next one takes a new one', async () => {
    const proxy = await connectProxy();
    const answers: net.Socket[] = [];
    const { port } = await rawServer((socket, count) =>
      count === 1 ? answers.push(socket) : answerOk(socket),
    );
    const sender = through(proxy);
    const first = post(sender, `http://hooks.example.com:${port}/`);
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    proxy.cut();
    expect((await first).error).toMatchObject({ code: 'connection' });
    await closed(answers[0]);
    expect((await post(sender, `http://hooks.example.com:${port}/`)).status).toBe(200);
    expect(proxy.asked).toHaveLength(2);
  });

  it('its death is a failed attempt that follows the schedule, and is not held against endpoints', async () => {
    let answer: number | 'die' = 'die';
    const proxy = await connectProxy(() => answer);
    const t = await sendingApp({
      webhooks: {
        network: { allowHttp: true, allowPrivateNetworks: true, proxy: `http://127.0.0.1:${proxy.port}` },
      },
    });
    try {
      const { id } = await t.endpoint();
      await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
      await t.settled();
      const [delivery] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
      expect(delivery).toMatchObject({ status: 'pending', attemptCount: 1, errorCode: 'proxy' });
      const shown = JSON.stringify(await t.webhooks.deliveries.get('acme', delivery!.id));
      expect(shown).not.toContain(String(proxy.port));
      expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({ failingSince: null });
      answer = 200;
      await t.after(5 * MINUTE);
      await t.receiver.received(1);
      await t.settled();
      expect(await t.webhooks.deliveries.get('acme', delivery!.id)).toMatchObject({ status: 'succeeded' });
    } finally {
      await t.stop();
    }
  });

  it.each([
    ['ftp://proxy', 'begins with ftp:'],
    ['https://proxy', 'begins with https:'],
    ['http://proxy/path', 'without a path'],
    ['proxy:3128', 'begins with proxy:'],
    [42, 'got number'],
  ])('%s is no proxy, and the error does not repeat it', (proxy, says) => {
    expect(() => resolveOptions({ network: { proxy: proxy as string } })).toThrow(says);
    expect(() => resolveOptions({ network: { proxy: 'http://a:SECRET@p/x' } })).toThrow(/^(?!.*SECRET)/);
  });
});
