import { EventEmitter, once } from 'node:events';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import http from 'node:http';
import net from 'node:net';
import type tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  guardedConnector,
  RefusedDestinationError,
  type HostLookup,
} from '../../lib/delivery/guarded-connector.js';
import { trustedCertificates } from '../../lib/delivery/trusted-certificates.js';
import { resolveOptions } from '../../lib/config/resolve-options.js';
import type { WebhookHttpClient } from '../../lib/delivery/http-client.js';
import { createCertificates } from '../support/certificates.js';
import { answering, client, loopbackPolicy, post } from '../support/http-sender.js';
import {
  answerOk,
  cleanUp,
  closed,
  listen,
  rawServer,
  tlsServer as serveTls,
  trickle,
  type TestServer,
} from '../support/tcp-servers.js';

const words = (text: string): string[] => text.trim().split(/\s+/);

const DEADLINE_MS = 200;
afterEach(cleanUp);

interface ReceivedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that records what it receives, and answers when the whole request is there. */
async function receiver(
  answer: (response: http.ServerResponse, received: ReceivedRequest) => void = (response) =>
    response.end('ok'),
): Promise<TestServer & { received: ReceivedRequest[]; server: http.Server }> {
  const received: ReceivedRequest[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method, url, headers } = request;
    received.push({ method, url, headers, body });
    answer(response, received.at(-1) as ReceivedRequest);
  });
  return { ...(await listen(server)), received, server };
}

describe('sending', () => {
  it('sends no header that a tracing library adds to the requests of the process', async () => {
    const { url, received } = await receiver();
    const trace = (message: unknown): void => {
      const { request } = message as { request: { addHeader(name: string, value: string): void } };
      request.addHeader('traceparent', '00-SENTINEL');
      request.addHeader('baggage', 'environment=SENTINEL');
      request.addHeader('host', 'SENTINEL');
      request.addHeader('x-own', 'SENTINEL');
      setImmediate(() => request.addHeader('late', 'SENTINEL'));
    };
    subscribe('undici:request:create', trace);
    try {
      const sender = client();
      await post(sender, url, { 'x-own': 'a' });
      await post(sender, url, { 'x-own': 'a' });
      await fetch(url, { method: 'POST' });
    } finally {
      unsubscribe('undici:request:create', trace);
    }
    const [first, second, ofTheApp] = received.map(({ headers }) => headers);
    for (const headers of [first, second]) {
      expect(headers).toMatchObject({ 'x-own': 'a', host: new URL(url).host });
      expect(JSON.stringify(headers)).not.toContain('SENTINEL');
    }
    expect(ofTheApp).toMatchObject({ traceparent: '00-SENTINEL' });
  });

  it('posts the exact body and headers, and records the response', async () => {
    const { url, received, port } = await receiver((response) => {
      response.writeHead(201, {
        'X-Answer': 'yes',
        'Set-Cookie': ['a=1', 'b=2'],
        'content-type': 'text/plain',
      });
      response.end('créé');
    });
    const result = await post(client(), url, { 'x-signature': 'abc' });
    expect(result).toMatchObject({ status: 201, body: 'créé', error: null });
    expect(result.headers).toMatchObject({ 'x-answer': 'yes', 'set-cookie': 'a=1, b=2' });
    expect(Number.isInteger(result.durationMs)).toBe(true);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ method: 'POST', url: '/hook?token=SECRET', body: '{"id":"evt_1"}' });
    const { connection: _, ...headers } = received[0]?.headers ?? {};
    expect(headers).toEqual({
      host: `127.0.0.1:${port}`,
      'content-type': 'application/json',
      'content-length': '14',
      'x-signature': 'abc',
    });
  });

  it('sends one request after the other on one connection', async () => {
    const { url, sockets, received } = await receiver();
    const sender = client();
    for (let n = 0; n < 5; n += 1) expect((await post(sender, url)).status).toBe(200);
    expect(received).toHaveLength(5);
    expect(sockets).toHaveLength(1);
  });

  it('sends at the same time on several connections, and keeps them', async () => {
    const { url, sockets } = await receiver();
    const sender = client();
    for (let round = 0; round < 2; round += 1) {
      const results = await Promise.all(Array.from({ length: 10 }, () => post(sender, url)));
      expect(results.every(({ status }) => status === 200)).toBe(true);
    }
    expect(sockets).toHaveLength(10);
  });

  it.each([301, 302, 303, 307, 308])('reports a %d redirect and does not follow it', async (status) => {
    const target = await receiver();
    const { url } = await receiver((response) => response.writeHead(status, { location: target.url }).end());
    const result = await post(client(), url);
    expect(result).toMatchObject({ status, body: '', error: null, headers: { location: target.url } });
    expect(target.sockets).toHaveLength(0);
  });

  it('does not use the proxies of the environment', async () => {
    const proxy = await receiver();
    const target = await receiver();
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
    try {
      expect((await post(client(), target.url)).status).toBe(200);
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
    }
    expect(proxy.sockets).toHaveLength(0);
    expect(target.received).toHaveLength(1);
  });

  it.each([
    ['100, which nobody asked for', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['100 of HTTP/1.0, with no reason', 'HTTP/1.0 100\r\n\r\n'],
    ['101 that upgrades to nothing', 'HTTP/1.1 101 X\r\nx-a: b\r\n\r\n'],
    ['102 and 103', 'HTTP/1.1 103 E\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n'],
    ['199 with a length', 'HTTP/1.1 199 X\r\ncontent-length: 2\r\n\r\n'],
    ['many of them', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000)],
  ])('reads on after an interim response of %s, in one piece or many', async (_, interim) => {
    const answer = `${interim}HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\nok`;
    const { url, sockets, requests } = await rawServer((socket, count) => {
      socket.setNoDelay(true);
      if (count % 2 === 1) socket.write(answer);
      else void inPieces(socket, answer);
    });
    const sender = client();
    for (let n = 0; n < 4; n += 1) {
      expect(await post(sender, url)).toMatchObject({ status: 202, body: 'ok', error: null });
    }
    expect(requests()).toBe(4);
    expect(sockets).toHaveLength(1);
  });

  /** One byte at a time at first, so that each place where it can be cut is met. */
  async function inPieces(socket: net.Socket, text: string): Promise<void> {
    for (let n = 0; n < 60; n += 1) {
      socket.write(text[n] ?? '');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    socket.write(text.slice(60));
  }
});

describe('capturing the response', () => {
  it('cuts an endless body at the capture size, keeps its status and closes the connection', async () => {
    const { url, sockets } = await receiver((response) => {
      const write = (): void => {
        while (response.write('x'.repeat(64 * 1024)));
      };
      response.on('drain', write);
      write();
    });
    const result = await post(client({ captureBytes: 1000 }), url);
    expect(result).toMatchObject({ status: 200, error: null, body: 'x'.repeat(1000) });
    await closed(sockets[0]);
  });

  it('reads a body of exactly the capture size and keeps the connection', async () => {
    const { url, sockets } = await receiver((response) => response.end('x'.repeat(1000)));
    const sender = client({ captureBytes: 1000 });
    expect((await post(sender, url)).body).toHaveLength(1000);
    expect((await post(sender, url)).body).toHaveLength(1000);
    expect(sockets).toHaveLength(1);
  });

  it('ends with the capture size where the server then falls silent, and says nothing of a timeout', async () => {
    for (const captureBytes of [1000, 0]) {
      const { url, sockets } = await rawServer((socket) =>
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n${'x'.repeat(1000)}`),
      );
      const result = await post(client({ captureBytes }), url);
      expect(result).toMatchObject({ status: 200, body: 'x'.repeat(captureBytes), error: null });
      expect(result.durationMs).toBeLessThan(1_000);
      await closed(sockets[0]);
    }
  });

  it.each<[string, (socket: net.Socket) => unknown]>([
    ['reset', (socket) => socket.resetAndDestroy()],
    ['ended', (socket) => socket.end()],
    ['broken', (socket) => socket.write('no chunk')],
  ])('has all it wants at the capture size, though the rest is %s', async (_, end) => {
    const { url } = await rawServer((socket) => {
      const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
      socket.write(`${head}3e8\r\n${'x'.repeat(1000)}\r\n`);
      setTimeout(() => end(socket), 20);
    });
    const result = await post(client({ captureBytes: 1000 }), url);
    expect(result).toMatchObject({ status: 200, body: 'x'.repeat(1000), error: null });
  });

  it('reads and drops a short rest, so that the connection is kept', async () => {
    const bodies = [1001, 1500, 20_000, 60_000];
    const { url, sockets } = await receiver((response) => {
      response.write('x'.repeat(1000));
      setImmediate(() => response.end('y'.repeat(bodies[n % bodies.length]! - 1000)));
    });
    const sender = client({ captureBytes: 1000 });
    let n = 0;
    for (; n < 20; n += 1) {
      expect(await post(sender, url)).toMatchObject({ body: 'x'.repeat(1000), error: null });
    }
    expect(sockets).toHaveLength(1);
  });

  it('closes the connection instead of reading a long rest, or one that trickles', async () => {
    const long = await receiver((response) => response.end('x'.repeat(200_000)));
    const slow = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1000)}`);
      trickle(socket, 'x');
    });
    const sender = client({ captureBytes: 1000 });
    for (const { url, sockets } of [long, slow]) {
      const result = await post(sender, url);
      expect(result).toMatchObject({ status: 200, body: 'x'.repeat(1000), error: null });
      expect(result.durationMs).toBeLessThan(1_000);
      await closed(sockets[0]);
    }
  });

  it.each([204, 304])('ends a %d with its head, whatever length that states', async (status) => {
    for (const header of ['content-length: 5', 'content-length: 0', 'transfer-encoding: chunked', 'x: y']) {
      const { url, requests } = await rawServer((socket) =>
        socket.write(`HTTP/1.1 ${status} X\r\n${header}\r\n\r\n`),
      );
      const sender = client({ timeoutMs: 2_000 });
      for (let n = 1; n <= 2; n += 1) {
        expect(await post(sender, url), header).toMatchObject({ status, body: '', error: null });
        expect(requests()).toBe(n);
      }
    }
  });

  it('cuts between characters, and marks an incomplete one only where the body itself ends in it', async () => {
    const euros = Buffer.from('€€€€');
    const long = await receiver((response) => response.end(euros));
    const broken = await receiver((response) => response.end(euros.subarray(0, 4)));
    const sender = client({ captureBytes: 7 });
    expect((await post(sender, long.url)).body).toBe('€€');
    expect((await post(sender, broken.url)).body).toBe('€\ufffd');
  });

  it('replaces invalid UTF-8 and NUL, and keeps a byte order mark', async () => {
    const { url } = await receiver((response) =>
      response.end(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x00, 0xff, 0xc3, 0x28, 0x62])),
    );
    expect((await post(client(), url)).body).toBe('\ufeffa\ufffd\ufffd\ufffd(b');
  });

  it('does not inflate a compressed body', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const { url } = await receiver((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const result = await post(client(), url);
    expect(result).toMatchObject({ status: 200, error: null, headers: { 'content-encoding': 'gzip' } });
    expect(result.body?.length).toBeLessThanOrEqual(4096);
    expect(result.body?.startsWith('\u001f\ufffd')).toBe(true);
  });

  it('refuses response headers of more than 16 KiB', async () => {
    const { url } = await rawServer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nx-big: ${'x'.repeat(17 * 1024)}\r\ncontent-length: 0\r\n\r\n`);
    });
    expect(await post(client(), url)).toMatchObject({
      status: null,
      error: { code: 'invalid-response', message: expect.stringContaining('16 KiB') },
    });
  });

  it('records at most 8 KiB of headers, and decides by all of them', async () => {
    const { url } = await rawServer((socket) => {
      const lines = Array.from({ length: 12 }, (_, n) => `X-${n}: ${'x'.repeat(1000)}\r\n`).join('');
      socket.write(`HTTP/1.1 200 OK\r\n${lines}Retry-After: 1800\r\ncontent-length: 0\r\n\r\n`);
    });
    const { headers, status, retryAfter } = await post(client(), url);
    expect(status).toBe(200);
    expect(retryAfter).toBe('1800');
    expect(Object.keys(headers ?? {})).toEqual(Array.from({ length: 8 }, (_, n) => `x-${n}`));
  });

  it('records header names that mean something to JavaScript like any other', async () => {
    const { url } = await rawServer((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\n__proto__: a\r\nconstructor: b\r\nconstructor: c\r\ncontent-length: 0\r\n\r\n',
      );
    });
    const { headers } = await post(client(), url);
    expect(Object.entries(headers ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b, c'],
      ['content-length', '0'],
    ]);
  });

  it.each([
    ['not HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['an invalid status line', 'HTTP/1.1 abc\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['an upgrade', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
  ])('reports %s as an invalid response', async (_, bytes) => {
    const { url } = await rawServer((socket) => socket.write(bytes));
    expect(await post(client(), url)).toMatchObject({ status: null, error: { code: 'invalid-response' } });
  });
});

describe('the deadline', () => {
  it.each<[string, (socket: net.Socket) => void]>([
    ['a server that never answers', () => {}],
    ['headers that never end', (socket) => socket.write('HTTP/1.1 200 OK\r\nx-a: ') && trickle(socket, 'a')],
    ['endless interim responses', (socket) => trickle(socket, 'HTTP/1.1 102 Processing\r\n\r\n')],
  ])('ends %s, and the connection', async (_, onRequest) => {
    const { url, sockets } = await rawServer(onRequest);
    const result = await post(client({ timeoutMs: DEADLINE_MS }), url);
    expect(result).toMatchObject({
      status: null,
      headers: null,
      body: null,
      error: { code: 'timeout', message: 'timed out after 200 ms while waiting for the response' },
    });
    expect(result.durationMs).toBeGreaterThanOrEqual(DEADLINE_MS);
    expect(result.durationMs).toBeLessThan(DEADLINE_MS + 1_000);
    await closed(sockets[0]);
  });

  it('ends a body that trickles, and keeps the status and what has come', async () => {
    const { url, sockets } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nstart ');
      trickle(socket, '.');
    });
    const result = await post(client({ timeoutMs: DEADLINE_MS }), url);
    expect(result).toMatchObject({
      status: 200,
      headers: { 'content-length': '1000' },
      body: expect.stringMatching(/^start \.+$/),
      error: { code: 'timeout', message: 'timed out after 200 ms while reading the response' },
    });
    await closed(sockets[0]);
  });

  it('covers a TLS handshake that never ends, and closes its connection', async () => {
    const { port, sockets } = await listen(net.createServer((socket) => socket.resume()));
    const result = await post(client({ timeoutMs: DEADLINE_MS }), `https://127.0.0.1:${port}/`);
    expect(result).toMatchObject({
      status: null,
      error: { code: 'timeout', message: 'timed out after 200 ms while connecting' },
    });
    await closed(sockets[0]);
  });

  it('covers the name lookup, and nothing is sent when that answers after all', async () => {
    const { port, sockets } = await receiver();
    const answers: (() => void)[] = [];
    const lookup: HostLookup = (_, __, callback) => {
      answers.push(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
    };
    const sender = client({ timeoutMs: DEADLINE_MS, lookup });
    const result = await post(sender, `http://hooks.example.com:${port}/`);
    expect(result).toMatchObject({ status: null, error: { code: 'timeout' } });
    answers[0]?.();
    // A later connection that is accepted proves that an earlier one would have been.
    await post(sender, `http://127.0.0.1:${port}/`);
    expect(sockets).toHaveLength(1);
  });

  it('is each request’s own, however many run', async () => {
    const { url } = await rawServer((socket, count) => {
      if (count % 2 === 0) answerOk(socket);
    });
    const sender = client({ timeoutMs: DEADLINE_MS });
    const first = Array.from({ length: 10 }, () => post(sender, url));
    await new Promise((resolve) => setTimeout(resolve, DEADLINE_MS / 2));
    const second = Array.from({ length: 10 }, () => post(sender, url));
    const results = await Promise.all([...first, ...second]);
    expect(results.filter(({ status }) => status === 200)).toHaveLength(10);
    for (const { error, durationMs } of results.filter(({ status }) => status === null)) {
      expect(error?.code).toBe('timeout');
      expect(durationMs).toBeGreaterThanOrEqual(DEADLINE_MS);
      expect(durationMs).toBeLessThan(DEADLINE_MS + 1_000);
    }
  });
});

describe('a connection that fails', () => {
  it('is reported as refused where nothing listens', async () => {
    const { server, url } = await receiver();
    await new Promise((resolve) => server.close(resolve));
    const result = await post(client(), url);
    expect(result).toMatchObject({
      status: null,
      headers: null,
      body: null,
      error: { code: 'connection', message: 'connection refused' },
    });
  });

  it.each<[string, (socket: net.Socket) => void, string]>([
    ['reset', (socket) => socket.resetAndDestroy(), 'connection reset by the server'],
    ['ended', (socket) => socket.end(), 'connection closed by the server before its response was complete'],
    [
      'ended within the headers',
      (socket) => socket.end('HTTP/1.1 2'),
      'connection closed by the server before its response was complete',
    ],
  ])('is not tried again on a new connection that is %s', async (_, onRequest, message) => {
    const { url, requests } = await rawServer(onRequest);
    expect(await post(client(), url)).toMatchObject({ status: null, error: { code: 'connection', message } });
    expect(requests()).toBe(1);
  });

  it.each<[string, (socket: net.Socket) => void]>([
    ['reset', (socket) => setImmediate(() => socket.resetAndDestroy())],
    ['ended', (socket) => socket.end()],
  ])('keeps the status where it is %s within the body', async (_, end) => {
    const { url } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nstart', () => end(socket));
    });
    const result = await post(client(), url);
    expect(result).toMatchObject({ status: 200, body: 'start', error: { code: 'connection' } });
  });

  it('never puts the path or the query into its message', async () => {
    const { url, server } = await receiver();
    await new Promise((resolve) => server.close(resolve));
    for (const target of [url, url.replace('http:', 'https:'), 'http://name.invalid.example/SECRET']) {
      const lookup = answering([]);
      expect(JSON.stringify(await post(client({ lookup }), target))).not.toMatch(/SECRET|hook/);
    }
  });
});

describe('a kept connection that the server ends', () => {
  it.each<[string, (socket: net.Socket) => void]>([
    ['reset', (socket) => socket.resetAndDestroy()],
    ['ended', (socket) => socket.end()],
    ['ended after a byte', (socket) => socket.end('H')],
    ['reset half a second later', (socket) => setTimeout(() => socket.resetAndDestroy(), 500)],
  ])('at the next request is an error where it is %s: the server may have begun to work', async (_, end) => {
    const { url, requests } = await rawServer((socket, count) => {
      if (count === 2) end(socket);
      else answerOk(socket);
    });
    const sender = client();
    await post(sender, url);
    expect(await post(sender, url)).toMatchObject({ status: null, error: { code: 'connection' } });
    expect(requests()).toBe(2);
    expect((await post(sender, url)).status).toBe(200);
  });

  it.each<[string, (socket: net.Socket) => void]>([
    ['reset', (socket) => socket.resetAndDestroy()],
    ['ended', (socket) => socket.end()],
  ])('before the next request is written is replaced where it is %s', async (_, end) => {
    const { url, sockets, requests } = await rawServer(answerOk);
    const sender = client();
    await post(sender, url);
    for (let n = 2; n <= 50; n += 1) {
      const next = post(sender, url);
      end(sockets.at(-1)!);
      expect(await next).toMatchObject({ status: 200, body: 'ok', error: null });
      expect([requests(), sockets.length]).toEqual([n, n]);
    }
  });

  it('before the next request is written is replaced once: a new one that fails is an error', async () => {
    const { url, sockets, requests } = await rawServer((socket, count) => {
      if (count === 1) answerOk(socket);
      else socket.end();
    });
    const sender = client();
    await post(sender, url);
    const next = post(sender, url);
    sockets[0]!.resetAndDestroy();
    expect(await next).toMatchObject({ status: null, error: { code: 'connection' } });
    expect(requests()).toBe(2);
  });

  it('is not used where its closing was seen', async () => {
    const { url, sockets, requests } = await rawServer((socket) => answerOk(socket));
    const sender = client();
    await post(sender, url);
    const gone = closed(sockets[0]);
    sockets[0]?.end();
    await gone;
    expect((await post(sender, url)).status).toBe(200);
    expect(requests()).toBe(2);
  });
});

describe('the destination', () => {
  const REFUSED = {
    status: null,
    headers: null,
    body: null,
    error: {
      code: 'refused-destination',
      message: 'The destination is not allowed: its host must be public and must only have public addresses.',
    },
  };

  it.each(
    words(`
    http://127.0.0.2 http://10.0.0.1 http://169.254.169.254 http://[::1] http://2130706434
    http://[::ffff:10.0.0.1] http://localhost http://redis ftp://example.com http://user@example.com
  `),
  )('%s is refused with no lookup and no connection', async (url) => {
    const lookup = answering(['127.0.0.1']);
    expect(await post(client({ lookup }), `${url}/SECRET`)).toMatchObject(REFUSED);
    expect(lookup.calls).toEqual([]);
  });

  it.each([
    [['10.0.0.1']],
    [['127.0.0.2']],
    [['169.254.169.254']],
    [['::1']],
    [['fe80::1%lo']],
    [['::ffff:10.0.0.1']],
    [['127.0.0.1', '10.0.0.1']],
    [['127.0.0.1', 'fd00:ec2::254']],
    [['not an address']],
  ])('is refused where its name has the addresses %j, with no connection', async (addresses) => {
    const { port, sockets } = await receiver();
    const lookup = answering(addresses);
    const result = await post(client({ lookup }), `http://hooks.example.com:${port}/`);
    expect(result).toMatchObject(REFUSED);
    expect(lookup.calls).toEqual(['hooks.example.com']);
    expect(sockets).toHaveLength(0);
  });

  it('is judged by the connector itself where it is a literal, for no lookup is made then', () => {
    const connect = guardedConnector({ policy: loopbackPolicy(), lookup: answering(['127.0.0.1']) });
    const errors: unknown[] = [];
    const to = { host: '127.0.0.2:80', hostname: '127.0.0.2', protocol: 'http:', port: '80' };
    expect(connect(to, (...[error]) => void errors.push(error))).toBeUndefined();
    expect(errors).toEqual([expect.any(RefusedDestinationError)]);
  });

  it('is the checked address: a name is resolved once for each connection', async () => {
    const { port, received } = await receiver();
    const lookup = answering(['127.0.0.1']);
    const sender = client({ lookup });
    for (let n = 0; n < 3; n += 1) {
      expect((await post(sender, `http://hooks.example.com:${port}/`)).status).toBe(200);
    }
    expect(lookup.calls).toEqual(['hooks.example.com']);
    expect(received[0]?.headers.host).toBe(`hooks.example.com:${port}`);
  });

  it('is looked up and judged again after a minute, however busy its connection is', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { port, sockets } = await receiver();
    const lookup = answering(['127.0.0.1'], ['127.0.0.1'], ['169.254.169.254']);
    const sender = client({ lookup });
    const statuses: (number | null)[] = [];
    for (let second = 0; second < 180; second += 5) {
      statuses.push((await post(sender, `http://hooks.example.com:${port}/`)).status);
      vi.advanceTimersByTime(5_000);
    }
    vi.useRealTimers();
    expect(sockets).toHaveLength(2);
    const refusedAfter = statuses.indexOf(null) * 5;
    expect(refusedAfter).toBeGreaterThanOrEqual(96);
    expect(refusedAfter).toBeLessThanOrEqual(125);
  });

  it('is judged again at each connection, so that a name can not be rebound', async () => {
    const { port, received } = await receiver((response) => {
      response.setHeader('connection', 'close');
      response.end('ok');
    });
    const lookup = answering(['127.0.0.1'], ['127.0.0.2']);
    const sender = client({ lookup });
    expect((await post(sender, `http://hooks.example.com:${port}/`)).status).toBe(200);
    expect(await post(sender, `http://hooks.example.com:${port}/`)).toMatchObject(REFUSED);
    expect(received).toHaveLength(1);
  });

  it('does not get the connection of another origin, though the address is the same', async () => {
    const { port, sockets, received } = await receiver();
    const sender = client({ lookup: answering(['127.0.0.1']) });
    await post(sender, `http://a.example.com:${port}/`);
    await post(sender, `http://b.example.com:${port}/`);
    expect(sockets).toHaveLength(2);
    expect(received.map(({ headers }) => headers.host)).toEqual([
      `a.example.com:${port}`,
      `b.example.com:${port}`,
    ]);
  });

  it('is the next checked address where the first one does not answer', async () => {
    const { port, received } = await receiver();
    const lookup = answering(['127.0.0.3', '127.0.0.1']);
    const sender = client({ lookup, policy: loopbackPolicy({ allowedAddresses: ['127.0.0.0/8'] }) });
    expect((await post(sender, `http://hooks.example.com:${port}/`)).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  it.each([
    ['ENOTFOUND', 'name not found'],
    ['EAI_AGAIN', 'the name server did not answer'],
    ['EAI_FAIL', 'name lookup failed (EAI_FAIL)'],
  ])('that fails to resolve with %s is a dns error', async (code, message) => {
    const lookup: HostLookup = (_, __, callback) => callback(Object.assign(new Error('x'), { code }), []);
    const result = await post(client({ lookup }), 'http://hooks.example.com/');
    expect(result).toMatchObject({ status: null, error: { code: 'dns', message } });
  });

  it('that resolves to nothing is a dns error', async () => {
    const result = await post(client({ lookup: answering([]) }), 'http://hooks.example.com/');
    expect(result.error).toEqual({ code: 'dns', message: 'name not found' });
  });
});

describe('TLS', () => {
  let certificates: ReturnType<typeof createCertificates>;
  beforeAll(() => {
    certificates = createCertificates();
  });

  const tlsServer = (
    onRequest: (socket: tls.TLSSocket, count: number) => void,
    certificate = certificates.valid,
  ): ReturnType<typeof serveTls> => serveTls(onRequest, certificate);

  const trusting = (): WebhookHttpClient =>
    client({ ca: [certificates.valid.cert], lookup: answering(['127.0.0.1']) });

  it('sends to a server whose certificate is trusted and has its name, and keeps the connection', async () => {
    const { port, sockets, names } = await tlsServer(answerOk);
    const sender = trusting();
    expect(await post(sender, `https://hooks.example.com:${port}/`)).toMatchObject({
      status: 200,
      error: null,
    });
    expect(await post(sender, `https://hooks.example.com:${port}/`)).toMatchObject({
      status: 200,
      error: null,
    });
    expect(sockets).toHaveLength(1);
    expect(names).toEqual(['hooks.example.com']);
  });

  it('trusts authorities of the app besides those of Node, and no one else', async () => {
    const { port } = await tlsServer(answerOk);
    const { ca } = resolveOptions({ network: { ca: `# ours\n${certificates.valid.cert}` } }).network;
    const at = `https://hooks.example.com:${port}/`;
    const lookup = answering(['127.0.0.1']);
    expect((await post(client({ ca, lookup }), at)).status).toBe(200);
    expect((await post(client({ ca: [certificates.expired.cert], lookup }), at)).error?.code).toBe('tls');
    expect(trustedCertificates(ca).length).toBeGreaterThan(100);
    for (const [wrong, option] of [
      ['/etc/ssl/ca.pem', 'network.ca must be the text'],
      [[certificates.valid.cert, ''], 'network.ca[1]'],
      ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', "can't be read"],
    ] as const) {
      expect(() => resolveOptions({ network: { ca: wrong } })).toThrow(option);
    }
  });

  it('gives the server name without the trailing dot of the host', async () => {
    const { port, names } = await tlsServer(answerOk);
    expect((await post(trusting(), `https://hooks.example.com.:${port}/`)).status).toBe(200);
    expect(names).toEqual(['hooks.example.com']);
  });

  it('refuses a self-signed certificate, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { port, requests } = await tlsServer(answerOk);
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const sender = client({ lookup: answering(['127.0.0.1']) });
      const result = await post(sender, `https://hooks.example.com:${port}/SECRET`);
      expect(result).toMatchObject({
        status: null,
        error: { code: 'tls', message: 'TLS: the certificate is self-signed' },
      });
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
    expect(requests()).toBe(0);
  });

  it('refuses an expired certificate', async () => {
    const { port } = await tlsServer(answerOk, certificates.expired);
    const sender = client({ ca: [certificates.expired.cert], lookup: answering(['127.0.0.1']) });
    const { error } = await post(sender, `https://hooks.example.com:${port}/`);
    expect(error).toEqual({ code: 'tls', message: 'TLS: the certificate has expired' });
  });

  it('refuses a certificate of another name, also on the second connection', async () => {
    const { port, requests } = await tlsServer(answerOk);
    const sender = trusting();
    for (let n = 0; n < 2; n += 1) {
      const { error } = await post(sender, `https://other.example.com:${port}/`);
      expect(error).toEqual({ code: 'tls', message: 'TLS: the certificate is for another host name' });
    }
    expect(requests()).toBe(0);
  });

  it('reports a server that does not speak TLS, or hangs up during the handshake', async () => {
    const plain = await listen(net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const rude = await listen(net.createServer((socket) => socket.once('data', () => socket.end())));
    expect((await post(client(), `https://127.0.0.1:${plain.port}/`)).error).toEqual({
      code: 'tls',
      message: 'TLS: the server does not answer with valid TLS',
    });
    expect((await post(client(), `https://127.0.0.1:${rude.port}/`)).error).toEqual({
      code: 'tls',
      message: 'TLS: the server closed the connection during the handshake',
    });
  });

  it('reports a closed port as a refused connection, not as TLS', async () => {
    const { server, port } = await receiver();
    await new Promise((resolve) => server.close(resolve));
    expect((await post(client(), `https://127.0.0.1:${port}/`)).error).toEqual({
      code: 'connection',
      message: 'connection refused',
    });
  });

  it.each<[string, (raw: net.Socket | undefined, secured: tls.TLSSocket) => void]>([
    ['reset', (raw) => raw?.resetAndDestroy()],
    ['cut off', (_, secured) => secured.destroy()],
    ['ended', (_, secured) => secured.end()],
  ])('does not send again where a kept connection is %s at the next request', async (_, end) => {
    const { port, sockets, requests } = await tlsServer((socket, count) => {
      if (count === 2) end(sockets[0], socket);
      else answerOk(socket);
    });
    const sender = trusting();
    await post(sender, `https://hooks.example.com:${port}/`);
    expect((await post(sender, `https://hooks.example.com:${port}/`)).error?.code).toBe('connection');
    expect(requests()).toBe(2);
  });

  it('does not send again where a new connection is ended', async () => {
    const { port, requests } = await tlsServer((socket) => socket.end());
    const { error } = await post(trusting(), `https://hooks.example.com:${port}/`);
    expect(error?.code).toBe('connection');
    expect(requests()).toBe(1);
  });
});

describe('closing', () => {
  it('waits for the requests that run, closes every connection, and refuses new requests', async () => {
    const slow = new EventEmitter<{ arrived: [http.ServerResponse] }>();
    const arrived = once(slow, 'arrived') as Promise<[http.ServerResponse]>;
    const { url, sockets, server } = await receiver((response, { headers }) => {
      if (headers['x-slow'] === undefined) response.end('ok');
      else slow.emit('arrived', response);
    });
    server.keepAliveTimeout = 0;
    const sender = client();
    await post(sender, url);
    const running = post(sender, url, { 'x-slow': '1' });
    const [response] = await arrived;
    const order: string[] = [];
    const closing = Promise.all([sender.close(), sender.close()]).then(() => order.push('closed'));
    void running.then(() => order.push('answered'));
    expect(await post(sender, url)).toMatchObject({ status: null, error: { code: 'unsent' } });
    response.end('late');
    expect(await running).toMatchObject({ status: 200, body: 'late' });
    await closing;
    expect(order).toEqual(['answered', 'closed']);
    await Promise.all(sockets.map(closed));
  }, 5_000);
});
