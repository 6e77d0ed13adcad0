import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { guardedConnector, RefusedDestinationError } from '../../lib/delivery/guarded-connector.js';
import type { WebhookHttpClient } from '../../lib/delivery/http-client.js';
import type { SendResult } from '../../lib/delivery/http-exchange.js';
import { ipv4, ipv6 } from '../support/address-arbitraries.js';
import { createCertificates } from '../support/certificates.js';
import type { DatabaseKind } from '../support/databases.js';
import { floodingServer } from '../support/flooding-server.js';
import { answering, client, loopbackPolicy, post } from '../support/http-sender.js';
import { sendingApp } from '../support/sending-app.js';
import { dotted, isAllowed, kindsOfIpv4, kindsOfIpv6 } from '../support/special-addresses.js';
import {
  answerOk,
  atEnd,
  cleanUp,
  closed,
  listen,
  rawServer,
  tlsServer,
  trickle,
  type TestServer,
} from '../support/tcp-servers.js';

const DEADLINE_MS = 300;
/** More than the buffers of both ends of a socket hold. */
const LARGE_BODY = 'x'.repeat(24 * 1024 * 1024);

afterEach(cleanUp);

const onConnection = (act: (socket: net.Socket) => void): Promise<TestServer> =>
  listen(net.createServer((socket) => act(socket.on('error', () => {}))));

/** Answers every request with the bytes of `answer`, and closes where that says so. */
const answeringBytes = (answer: string, end: boolean): ReturnType<typeof rawServer> =>
  rawServer((socket) => (end ? socket.end(answer, 'latin1') : socket.write(answer, 'latin1')));

const postLarge = (sender: WebhookHttpClient, url: string): Promise<SendResult> =>
  sender.send({ url, headers: {}, body: LARGE_BODY });

describe('A redirect', () => {
  it.each([201, 300, 301, 302, 303, 304, 305, 306, 307, 308, 399])(
    'with the status %d leads nowhere, though its target would be allowed',
    async (status) => {
      const target = await onConnection(answerOk);
      const headers = ['location', 'content-location', 'refresh', 'alt-svc', 'link', 'uri']
        .map((name) => `${name}: ${name === 'refresh' ? '0; url=' : ''}${target.url}\r\n`)
        .join('');
      const source = await answeringBytes(
        `HTTP/1.1 ${status} Go\r\n${headers}content-length: 0\r\n\r\n`,
        false,
      );
      const lookup = answering(['127.0.0.1']);
      const sender = client({ lookup });
      const result = await post(sender, `http://hooks.example.com:${source.port}/`);
      expect(result).toMatchObject({ status, error: null, headers: { location: target.url } });
      await post(sender, `http://hooks.example.com:${source.port}/`);
      expect(source.requests()).toBe(2);
      expect(target.sockets).toHaveLength(0);
      expect(lookup.calls).toEqual(['hooks.example.com']);
    },
  );

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:6379/',
    'http://[::1]/',
    '//10.0.0.1/',

    'file:///etc/passwd',
    'http://metadata.google.internal/',
    'javascript:alert(1)',
    'http://\u00e9\u00ff/',
    '\\\\a',
  ])('to %s is recorded as it came, and looked up by nobody', async (location) => {
    const { port } = await answeringBytes(
      `HTTP/1.1 307 Go\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`,
      false,
    );
    const lookup = answering(['127.0.0.1']);
    expect(await post(client({ lookup }), `http://hooks.example.com:${port}/`)).toMatchObject({
      status: 307,
      headers: { location },
    });
    expect(lookup.calls).toEqual(['hooks.example.com']);
  });
});

describe('A name', () => {
  const address = fc.oneof(
    ipv4().map((value) => ({ text: dotted(value), allowed: isAllowed(kindsOfIpv4(value)) })),
    ipv6().map((digits) => ({
      text: digits.replaceAll(/(.{4})(?!$)/g, '$1:'),
      allowed: isAllowed(kindsOfIpv6(digits)),
    })),
  );

  it('is refused where any of its addresses is, in whichever order they come', async () => {
    const answers = fc.array(address, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(answers, async (addresses) => {
        fc.pre(!addresses.every(({ allowed }) => allowed));
        const connect = guardedConnector({
          policy: loopbackPolicy({ allowedAddresses: [] }),
          lookup: answering(addresses.map(({ text }) => text)),
        });
        const to = { host: 'a.example:80', hostname: 'a.example', protocol: 'http:', port: '80' };
        const error = await new Promise((resolve) => connect(to, (...[failure]) => resolve(failure)));
        expect(error).toBeInstanceOf(RefusedDestinationError);
      }),
      { numRuns: 300 },
    );
  });

  it('that was rebound is refused where a kept connection is replaced', async () => {
    const { port, sockets, requests } = await rawServer(answerOk);
    const lookup = answering(['127.0.0.1'], ['169.254.169.254']);
    const sender = client({ lookup });
    await post(sender, `http://hooks.example.com:${port}/`);
    const next = post(sender, `http://hooks.example.com:${port}/`);
    sockets[0]?.resetAndDestroy();
    expect(await next).toMatchObject({ status: null, error: { code: 'refused-destination' } });
    expect([requests(), sockets.length, lookup.calls.length]).toEqual([1, 1, 2]);
  });

  it('that was rebound does not move a kept connection, which stays with the address that was checked', async () => {
    const { port, sockets } = await rawServer(answerOk);
    const lookup = answering(['127.0.0.1'], ['169.254.169.254']);
    const sender = client({ lookup });
    for (let n = 0; n < 3; n += 1) await post(sender, `http://hooks.example.com:${port}/`);
    expect(sockets.map(({ localAddress }) => localAddress)).toEqual(['127.0.0.1']);
    expect(lookup.calls).toHaveLength(1);
  });
});

describe('A connection', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n';

  it.each<[string, (socket: net.Socket) => void, { status: number | null; body: string | null }]>([
    ['as soon as it stands', (socket) => socket.resetAndDestroy(), { status: null, body: null }],
    [
      'after the head of the request',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      { status: null, body: null },
    ],
    [
      'in the middle of the request’s body',
      (socket) => {
        let read = 0;
        socket.on('data', ({ length }) => (read += length) > 2_000_000 && socket.resetAndDestroy());
      },
      { status: null, body: null },
    ],
    [
      'within the head of the response',
      (socket) => socket.resume().write('HTTP/1.1 200 OK\r\ncont', () => reset(socket)),
      { status: null, body: null },
    ],
    [
      'after the head of the response',
      (socket) => socket.resume().write(head, () => reset(socket)),
      { status: 200, body: '' },
    ],
    [
      'in the middle of the response’s body',
      (socket) => socket.resume().write(`${head}start`, () => reset(socket)),
      { status: 200, body: 'start' },
    ],
    [
      'in the middle of a chunk',
      (socket) =>
        socket
          .resume()
          .write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nstart', () => reset(socket)),
      { status: 200, body: 'start' },
    ],
  ])('that is reset %s is an error of the connection, with what came before it', async (_, act, expected) => {
    const { url, sockets } = await onConnection(act);
    expect(await postLarge(client(), url)).toMatchObject({ ...expected, error: { code: 'connection' } });
    expect(sockets).toHaveLength(1);
  });

  // Once what was written before has been read: a reset overtakes it.
  const reset = (socket: net.Socket): unknown => setTimeout(() => socket.resetAndDestroy(), 50);
});

describe('A TLS handshake', () => {
  let certificates: ReturnType<typeof createCertificates>;
  beforeAll(() => {
    certificates = createCertificates();
  });

  it('of which a byte comes every 50 ms ends at the deadline', async () => {
    const { port, sockets } = await onConnection((socket) => {
      // A handshake record of 16 KiB, and the ServerHello in it.
      socket.once(
        'data',
        () => socket.write('\x16\x03\x03\x40\x00\x02', 'latin1') && trickle(socket, '\0', 50),
      );
    });
    expect(await post(client({ timeoutMs: DEADLINE_MS }), `https://127.0.0.1:${port}/`)).toMatchObject({
      status: null,
      error: { code: 'timeout', message: `timed out after ${DEADLINE_MS} ms while connecting` },
    });
    await closed(sockets[0]);
  });

  it.each<[string, string, string]>([
    ['is reset', '', 'the server closed the connection during the handshake'],
    [
      'is reset within the server’s first record',
      '\x16\x03\x03\x00\x50\x02',
      'the server closed the connection during the handshake',
    ],
    [
      'is answered with an alert',
      '\x15\x03\x03\x00\x02\x02\x28',
      'the server refused the handshake (handshake failure)',
    ],
    [
      'is answered with the alert that it does not know the name',
      '\x15\x03\x03\x00\x02\x02\x70',
      'the server refused the handshake (unrecognized name)',
    ],
    [
      'is answered with the alert that it wants a certificate',
      '\x15\x03\x03\x00\x02\x02\x74',
      'the server refused the handshake (certificate required)',
    ],
    [
      'is answered with the alert that its version is not taken',
      '\x15\x03\x03\x00\x02\x02\x46',
      'the server takes neither TLS 1.2 nor TLS 1.3',
    ],
    [
      'is answered with a record that is too large',
      '\x16\x03\x03\xff\xff\x02',
      'the server does not answer with valid TLS',
    ],
    [
      'is answered with noise',
      '\x00\xff\x00\xff\x00\xff\x00\xff',
      'the server does not answer with valid TLS',
    ],
  ])('that %s is an error of TLS, in the same words on every Node', async (_, bytes, message) => {
    const { port } = await onConnection((socket) =>
      socket.once('data', () => {
        socket.write(bytes, 'latin1');
        setTimeout(() => socket.resetAndDestroy(), 50);
      }),
    );
    const { error } = await post(client({ timeoutMs: 2_000 }), `https://127.0.0.1:${port}/SECRET`);
    expect(error).toEqual({ code: 'tls', message: `TLS: ${message}` });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'of %s that is resumed does not get around the check of the name',
    async (maxVersion) => {
      const { port, requests } = await tlsServer(answerOk, { ...certificates.valid, maxVersion });
      const sender = client({ ca: [certificates.valid.cert], lookup: answering(['127.0.0.1']) });
      expect((await post(sender, `https://hooks.example.com:${port}/`)).status).toBe(200);
      for (let n = 0; n < 3; n += 1) {
        const { error } = await post(sender, `https://other.example.com:${port}/`);
        expect(error).toEqual({ code: 'tls', message: 'TLS: the certificate is for another host name' });
      }
      expect(requests()).toBe(1);
    },
  );

  it('of a version before 1.2 is refused', async () => {
    const { port } = await tlsServer(answerOk, {
      ...certificates.valid,
      ciphers: 'DEFAULT@SECLEVEL=0',
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
    });
    const sender = client({ ca: [certificates.valid.cert], lookup: answering(['127.0.0.1']) });
    expect((await post(sender, `https://hooks.example.com:${port}/`)).error).toEqual({
      code: 'tls',
      message: 'TLS: the server takes neither TLS 1.2 nor TLS 1.3',
    });
  });
});

describe('A server that answers before it has read the request', () => {
  it('gets its answer recorded, and no further request on that connection', async () => {
    const { url, sockets } = await onConnection((socket) => {
      const timer = setInterval(() => answerOk(socket), 50);
      socket.once('close', () => clearInterval(timer));
    });
    const sender = client();
    for (let n = 1; n <= 3; n += 1) {
      expect(await postLarge(sender, url)).toMatchObject({ status: 200, body: 'ok', error: null });
      expect(sockets).toHaveLength(n);
    }
  });

  it('and hangs up gets its answer recorded', async () => {
    const { url } = await onConnection((socket) =>
      socket.end('HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 3\r\n\r\nbig'),
    );
    expect(await postLarge(client(), url)).toMatchObject({ status: 413, body: 'big', error: null });
  });

  it('gets the rest of the request on the kept connection, and further requests once it has read it', async () => {
    const received = new EventEmitter<{ whole: [] }>();
    const whole = once(received, 'whole');
    const { url, sockets } = await onConnection((socket) => {
      let read = 0;
      socket.on('data', ({ length }) => {
        if (read === 0 || read > LARGE_BODY.length) answerOk(socket);
        read += length;
        if (read > LARGE_BODY.length) received.emit('whole');
      });
    });
    const sender = client();
    expect((await postLarge(sender, url)).status).toBe(200);
    await whole;
    expect((await post(sender, url)).status).toBe(200);
    expect(sockets).toHaveLength(1);
  });
});

describe('A response', () => {
  const ok = 'HTTP/1.1 200 OK\r\n';
  const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;

  it.each<[string, string]>([
    ['with the status 000', 'HTTP/1.1 000 X\r\ncontent-length: 0\r\n\r\n'],
    ['with the status 099', 'HTTP/1.1 099 X\r\ncontent-length: 0\r\n\r\n'],
    ['with the status 1000', 'HTTP/1.1 1000 X\r\ncontent-length: 0\r\n\r\n'],
    ['with a negative status', 'HTTP/1.1 -200 X\r\ncontent-length: 0\r\n\r\n'],
    ['of 101 that goes on in another protocol', `HTTP/1.1 101 X\r\nupgrade: a\r\n\r\n${ok}\r\n`],
    ['of 100 whose head does not end', `HTTP/1.1 100 Continue\r\n${'x: y\r\n'.repeat(3_000)}`],
    ['of HTTP/0.9', 'hello'],
    ['of HTTP/3.0', 'HTTP/3.0 200 OK\r\ncontent-length: 0\r\n\r\n'],
    ['that is a request', 'POST / HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['that is a TLS alert', '\x15\x03\x01\x00\x02\x02\x28'],
    ['that is noise', '\x00\x01\xfe\xff'.repeat(100)],
    ['with lines that end in LF only', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n'],
    ['with a CR within a header', `${ok}x: a\rb: c\r\ncontent-length: 0\r\n\r\n`],
    ['with a NUL within a header', `${ok}x: a\0b\r\ncontent-length: 0\r\n\r\n`],
    ['with a control character within a header', `${ok}x: a\x1bb\r\ncontent-length: 0\r\n\r\n`],
    ['with a folded header', `${ok}x: a\r\n b\r\ncontent-length: 0\r\n\r\n`],
    ['with a space after a header’s name', `${ok}content-length : 0\r\n\r\n`],
    ['with a header that has no name', `${ok}: a\r\ncontent-length: 0\r\n\r\n`],
    ['with a length and chunks', `${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['with two different lengths', `${ok}content-length: 2\r\ncontent-length: 3\r\n\r\nabc`],
    ['with a list of lengths', `${ok}content-length: 2, 2\r\n\r\nok`],
    ['with a negative length', `${ok}content-length: -2\r\n\r\nok`],
    ['with a length beyond 64 bits', `${ok}content-length: 99999999999999999999999\r\n\r\nok`],
    ['with a length that is no number', `${ok}content-length: 0x2\r\n\r\nok`],
  ])('%s is an invalid one, and ends the connection', async (_, bytes) => {
    const { url, sockets } = await answeringBytes(bytes, false);
    expect(await post(client({ timeoutMs: 2_000 }), url)).toMatchObject({
      status: null,
      body: null,
      error: { code: 'invalid-response', message: expect.not.stringContaining('ERR_') },
    });
    await closed(sockets[0]);
  });

  it.each<[string, string, string]>([
    ['of a chunk size that is no number', `${chunked}zz\r\nok\r\n`, ''],
    ['of a negative chunk size', `${chunked}-2\r\nok\r\n`, ''],
    ['of a chunk size beyond 64 bits', `${chunked}fffffffffffffffff\r\nok\r\n`, ''],
    ['of a chunk that is longer than its size', `${chunked}2\r\nokay\r\n`, 'ok'],
    ['of a chunk size that ends in LF only', `${chunked}2\nok\n`, ''],
    ['of a header in the trailers that is none', `${chunked}2\r\nok\r\n0\r\nx y\r\n\r\n`, 'ok'],
  ])('that is invalid because %s does not succeed', async (_, bytes, body) => {
    const { url, sockets } = await answeringBytes(bytes, false);
    expect(await post(client({ timeoutMs: 2_000 }), url)).toMatchObject({
      body,
      error: { code: 'invalid-response' },
    });
    await closed(sockets[0]);
  });

  it('of 204 ends with its head, and what follows is nobody’s answer', async () => {
    const { url, sockets } = await answeringBytes(
      'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok',
      false,
    );
    expect(await post(client(), url)).toMatchObject({ status: 204, body: '', error: null });
    await closed(sockets[0]);
  });

  it.each<[string, string]>([
    ['a body shorter than its length', `${ok}content-length: 20\r\n\r\nok`],
    ['no last chunk', `${chunked}2\r\nok\r\n`],
    ['no end after the last chunk', `${chunked}2\r\nok\r\n0\r\n`],
  ])('with %s does not succeed', async (_, bytes) => {
    const { url } = await answeringBytes(bytes, true);
    expect(await post(client(), url)).toMatchObject({
      status: 200,
      body: 'ok',
      error: { code: 'connection' },
    });
  });

  it('with a body longer than its length is taken up to that length, and ends the connection', async () => {
    const { url, sockets } = await answeringBytes(`${ok}content-length: 2\r\n\r\nokay`, false);
    expect(await post(client(), url)).toMatchObject({ status: 200, body: 'ok', error: null });
    await closed(sockets[0]);
  });

  it.each<[string, string]>([
    ['until it hangs up', 'HTTP/1.0 200 OK\r\n\r\nok'],
    ['with a length', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'],
  ])('of an HTTP/1.0 server is read %s, and each request has its own connection', async (_, bytes) => {
    const { url, sockets } = await answeringBytes(bytes, true);
    const sender = client();
    for (let n = 1; n <= 2; n += 1) {
      expect(await post(sender, url)).toMatchObject({ status: 200, body: 'ok', error: null });
      expect(sockets).toHaveLength(n);
    }
  });

  it('is not affected by an absurd keep-alive header', async () => {
    for (const keepAlive of ['timeout=99999999999, max=1', 'timeout=0', 'timeout=-1', 'timeout', '\u00ff']) {
      const { url } = await answeringBytes(
        `${ok}keep-alive: ${keepAlive}\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok`,
        false,
      );
      const sender = client();
      for (let n = 0; n < 2; n += 1) expect((await post(sender, url)).body, keepAlive).toBe('ok');
    }
  });
});

describe('A response that nobody asked for', () => {
  const smuggled = 'HTTP/1.1 299 Smuggled\r\ncontent-length: 4\r\n\r\nevil';
  const numbered = (count: number): string =>
    `HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n${String(count).padStart(4, '#')}`;

  it('and follows a proper one is never taken for the next request’s, whatever it contains', async () => {
    let leftover = Buffer.alloc(0);
    const { url, requests } = await rawServer((socket, count) =>
      socket.write(Buffer.concat([Buffer.from(numbered(count)), leftover])),
    );
    const sender = client();
    const pieces = fc.constantFrom(
      'HTTP/1.1',
      ' 200 OK\r\n',
      smuggled,
      '\r\n',
      '\n',
      'x',
      '0\r\n\r\n',
      '\0',
      numbered(0),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 4 }), async (parts) => {
        leftover = Buffer.from(parts.join(''));
        expect(await post(sender, url)).toMatchObject({
          status: 200,
          body: String(requests()).padStart(4, '#'),
          error: null,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('and arrives on an idle connection closes it', async () => {
    const { url, sockets } = await rawServer((socket, count) => socket.write(numbered(count)));
    const sender = client();
    await post(sender, url);
    sockets[0]?.write(smuggled);
    await closed(sockets[0]);
    expect(await post(sender, url)).toMatchObject({ status: 200, body: '###2' });
  });

  it('and is still unread when the next request begins closes the connection instead of answering', async () => {
    const url = await floodingServer();
    const sender = client();
    for (let n = 0; n < 3; n += 1) {
      expect((await post(sender, `${url}/smuggling`)).body).toBe('true');
      blockEventLoop(100);
    }
  });

  function blockEventLoop(ms: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  }
});

describe('A flood', () => {
  const FLOODS = [
    ['body', 200, null],
    ['chunk-extension', 200, 'too large'],
    ['trailers', 200, '16 KiB'],
    ['headers', null, '16 KiB'],
    ['header', null, '16 KiB'],
    ['status-line', null, 'too large'],
    ['blank-lines', null, 'too large'],
    ['interim-responses', null, 'too large'],
  ] as const;

  it.each(FLOODS)('of an endless %s is cut long before the deadline', async (path, status, message) => {
    const url = await floodingServer();
    const sender = client({ timeoutMs: 20_000 });
    const before = process.resourceUsage().maxRSS;
    const results = await Promise.all(Array.from({ length: 8 }, () => post(sender, `${url}/${path}`)));
    for (const result of results) {
      expect(result.status).toBe(status);
      expect(result.error).toEqual(
        message && { code: 'invalid-response', message: expect.stringContaining(message) },
      );
    }
    // In KiB. The highest ever, so that nothing can hide between two looks.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100 * 1024);
  });

  it('of connections that each trickle holds no more than what they have sent', async () => {
    const { url } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      trickle(socket, 'x', 100);
    });
    const sender = client({ timeoutMs: 1_000 });
    const before = process.resourceUsage().maxRSS;
    const results = await Promise.all(Array.from({ length: 200 }, () => post(sender, url)));
    for (const { status, body, error } of results) {
      expect({ status, code: error?.code }).toEqual({ status: 200, code: 'timeout' });
      expect(body).toMatch(/^x{0,12}$/);
    }
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100 * 1024);
  });
});

describe('Whatever a server sends', () => {
  const line = fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.0 200 OK\r\n',
    'HTTP/1.1 100 C\r\n\r\n',
    'HTTP/1.1 103 E\r\n\r\n',

    'HTTP/1.1 101 S\r\nupgrade: a\r\nconnection: upgrade\r\n\r\n',
    'HTTP/1.1 000 Z\r\n\r\n',
    'HTTP/1.1 204 N\r\n',

    'content-length: 2\r\n',
    'content-length: 5\r\n',
    'transfer-encoding: chunked\r\n',
    'connection: close\r\n',

    'keep-alive: timeout=0\r\n',
    'x: y\r\n',
    '\r\n',
    '\r',
    '\n',
    '2\r\nok\r\n',
    '0\r\n',
    '0\r\n\r\n',
    'ok',
    '\0',
  );
  const bytes = fc.oneof(
    { weight: 4, arbitrary: line.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array)) },
  );

  it('in any pieces, each request gets one result, and its own answer', async () => {
    let answer: { pieces: Buffer[]; reset: boolean };
    const hostile = await rawServer((socket) => {
      const { pieces, reset } = answer;
      const next = (index: number): void => {
        const piece = pieces[index];
        if (piece) socket.write(piece, () => setImmediate(next, index + 1));
        else if (reset) socket.resetAndDestroy();
        else socket.end();
      };
      next(0);
    });
    const honest = await rawServer(answerOk);
    const sender = client();
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled).on('uncaughtException', onUnhandled);
    atEnd(() => void process.off('unhandledRejection', onUnhandled).off('uncaughtException', onUnhandled));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 10 }), fc.boolean(), async (pieces, reset) => {
        answer = { pieces: pieces.filter(({ length }) => length > 0), reset };
        const { status, body, error } = await post(sender, hostile.url);
        expect(status === null).toBe(body === null);
        expect(status !== null || error !== null).toBe(true);
        if (error) expect(['connection', 'invalid-response']).toContain(error.code);
        if (error) expect(error.message).not.toMatch(/ERR_|\(\w+\)$/);
        expect(await post(sender, honest.url)).toMatchObject({ status: 200, body: 'ok', error: null });
      }),
      { numRuns: 1_000 },
    );
    expect(unhandled).toEqual([]);
    expect(honest.sockets).toHaveLength(1);
  });
});

describe.each<DatabaseKind>(['sqlite', 'postgres', 'mariadb'])('On %s', (database) => {
  it('whatever bytes a response is made of are stored, and read as they were captured', async () => {
    const t = await sendingApp({ database });
    atEnd(() => t.stop());
    await t.endpoint();
    const every = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    // Overlong, a surrogate, beyond Unicode, cut off; and what is valid at its edges.
    const invalid = Buffer.from('c080eda080f4908080f09f98', 'hex');
    const body = Buffer.concat([every, invalid, Buffer.from('😀\uffff\u{10ffff}\ufeff'), every, invalid]);
    const high = every.subarray(128).toString('latin1');
    const worst = '"\\'.repeat(3_500);
    const head = `HTTP/1.1 503 ${high}\r\nx-high: ${high}\r\n__proto__: a\r\nx-worst: ${worst}\r\nconnection: close\r\n`;
    t.receiver.nextAnswers.push((_, { socket }) => {
      socket?.write(`${head}retry-after: ${'9'.repeat(300)}\r\n\r\n`, 'latin1');
      socket?.end(body);
    });

    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.receiver.received(1);
    await t.settled();

    const [latest] = (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data;
    const { attempts, ...delivery } = await t.webhooks.deliveries.get('acme', latest?.id ?? '');
    expect(delivery).toMatchObject({ status: 'pending', statusCode: 503, errorCode: null });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.responseBody).toBe(new TextDecoder().decode(body).replaceAll('\0', '\ufffd'));
    expect(Object.entries(attempts[0]?.responseHeaders ?? {})).toEqual([
      ['x-high', high],
      ['__proto__', 'a'],
      ['x-worst', worst],
      ['connection', 'close'],
      ['retry-after', '9'.repeat(300)],
    ]);
  });
});
