import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createCertificates } from '../support/certificates.js';
import { sendingApp } from '../support/sending-app.js';

const PAGE = readFileSync(new URL('../../docs/reference/network.md', import.meta.url), 'utf8');
const SENDER = fileURLToPath(new URL('../support/tls-sender.mjs', import.meta.url));
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
};
/** A head with what differs from request to request taken out. */
const shapeOf = (head: string): string[] =>
  head
    .trim()
    .split(/\r?\n/)
    .map((line) =>
      /^(content-type|x-webhook-attempt|connection):/.test(line) ? line : line.replace(/: .*/, ': …'),
    );

describe('docs/reference/network.md', () => {
  it('shows a request as a receiver gets it, byte for byte but for the values', async () => {
    let received!: (head: string) => void;
    const head = new Promise<string>((resolve) => (received = resolve));
    const port = await listen(
      createServer((socket) => {
        socket.once('data', (chunk) => received(chunk.toString('latin1').split('\r\n\r\n')[0]!));
        socket.once('data', () => socket.end(ANSWER));
      }),
    );
    const t = await sendingApp();
    cleanups.push(() => t.stop());
    await t.endpoint({ url: `http://127.0.0.1:${port}/hooks?x=1`, headers: { 'X-CRM-Token': 'f3a9' } });
    await t.webhooks.emit('post.published', { post_id: 'p1' }, { tenant: 'acme' });

    const [shown] = /(?<=```http\n)[\s\S]*?(?=\n\n)/.exec(PAGE)!;
    const [line, ...headers] = shapeOf(await head);
    expect(line).toBe('POST /hooks?x=1 HTTP/1.1');
    expect(shapeOf(shown).slice(1)).toEqual(headers);
    await t.settled();
  });
});

describe('A receiver over TLS', () => {
  const send = async (
    env: Record<string, string> = {},
  ): Promise<{ sent: object; seen: object[]; cert: string }> => {
    const { key, cert } = createCertificates().valid;
    const seen: object[] = [];
    const port = await listen(
      createTlsServer(
        { key, cert, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] },
        (socket: TLSSocket) => {
          seen.push({
            alpn: socket.alpnProtocol,
            version: socket.getProtocol(),
            certificate: socket.getPeerCertificate(),
          });
          socket.once('data', () => socket.end(ANSWER));
          socket.on('error', () => undefined);
        },
      ),
    );
    const folder = mkdtempSync(join(tmpdir(), 'webhooks-ca-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    writeFileSync(file, cert);
    const given = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, value.replace('FILE', file)]),
    );
    const url = `https://hooks.example.com:${port}/`;
    const { stdout } = await promisify(execFile)(process.execPath, [SENDER, url], {
      env: { ...process.env, ...given },
    });
    return { sent: JSON.parse(stdout) as object, seen, cert };
  };

  it('is trusted by NODE_EXTRA_CA_CERTS, gets HTTP/1.1 without a client certificate, and no proxy in between', async () => {
    const proxies = Object.fromEntries(
      ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'HTTP_PROXY'].map((name) => [name, 'http://127.0.0.1:9']),
    );
    const { sent, seen } = await send({ NODE_EXTRA_CA_CERTS: 'FILE', NODE_USE_ENV_PROXY: '1', ...proxies });

    expect(sent).toEqual({ status: 200, error: null });
    expect(seen).toEqual([{ alpn: 'http/1.1', version: 'TLSv1.3', certificate: {} }]);
  });

  it('is not trusted without that', async () => {
    expect((await send()).sent).toEqual({ status: null, error: 'tls' });
  });
});
