import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InvalidWebhookInputError } from 'nestjs-webhooks';
import { resolveOptions } from '../../lib/config/resolve-options.js';
import { createCertificates, type Certificate } from '../support/certificates.js';
import { ownAuthority, type OwnAuthority } from '../support/own-authority.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';
import { STACKS_BY_QUEUE } from '../support/stacks.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

let authority: OwnAuthority;
let expired: Certificate;
beforeAll(() => {
  authority = ownAuthority();
  ({ expired } = createCertificates());
});

describe.each(STACKS_BY_QUEUE)('A client certificate on $name', (stack) => {
  let t: SendingApp;
  let server: Server;
  let url: string;
  /** Who has sent, request by request. */
  let senders: string[];

  beforeEach(async () => {
    senders = [];
    const { certificate: cert, key } = authority.server;
    // It takes nobody without a certificate of its authority.
    server = createServer({ cert, key, ca: authority.ca, requestCert: true }, (request, response) => {
      senders.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
      request.resume().on('end', () => response.end());
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterEach(async () => {
    await t?.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const start = async (network: object = {}): Promise<void> => {
    t = await sendingApp({
      ...stack,
      webhooks: {
        encryption: { keys: [KEY] },
        network: { allowPrivateNetworks: true, ca: authority.ca, ...network },
      },
    });
  };
  const emit = async (): Promise<void> => {
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.after(0);
  };
  const errorOf = async (): Promise<unknown> =>
    (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data[0]!.errorCode;

  it('of an endpoint is shown to its server alone, each on connections of its own', async () => {
    await start();
    const ada = await t.endpoint({ url, clientCertificate: authority.ada });
    for (let n = 0; n < 2; n++) await emit();
    const ben = await t.endpoint({ url, clientCertificate: authority.ben });
    for (let n = 0; n < 2; n++) await emit();
    expect(senders.slice(0, 2)).toEqual(['ada', 'ada']);
    expect(senders.slice(2).sort()).toEqual(['ada', 'ada', 'ben', 'ben']);

    // What was sent as one is never sent on as another, nor as nobody: no session is resumed either.
    await t.webhooks.endpoints.update('acme', ada.id, { clientCertificate: authority.ben });
    await t.webhooks.endpoints.update('acme', ben.id, { active: false });
    await emit();
    expect(senders.at(-1)).toBe('ben');
    await t.webhooks.endpoints.update('acme', ada.id, { clientCertificate: null });
    const count = senders.length;
    await emit();
    expect(senders).toHaveLength(count);
    expect(['tls', 'connection']).toContain(await errorOf());
  });

  it('is shown in a test of an endpoint that is not created', async () => {
    await start();
    const draft = { url, eventType: 'post.published', clientCertificate: authority.ada };
    const { outcome } = await t.webhooks.deliveries.testDraft('acme', draft);

    expect([outcome, ...senders]).toEqual(['succeeded', 'ada']);
  });

  it('is sealed, and all that is shown of it is whose it is and when it ends', async () => {
    await start();
    const { id } = await t.endpoint({ url, clientCertificate: authority.ada });
    await emit();
    const { clientCertificate } = await t.webhooks.endpoints.get('acme', id);
    expect(clientCertificate).toEqual({
      subject: 'CN=ada',
      issuer: 'CN=Our own',
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    });
    const rows = JSON.stringify([
      await t.dataSource.query('SELECT * FROM webhook_endpoints'),
      await t.dataSource.query('SELECT * FROM webhook_attempts'),
    ]);
    expect(rows).not.toContain('PRIVATE KEY');
    expect(rows).not.toContain('BEGIN CERTIFICATE');
  });

  it('of the app is shown where an endpoint has none of its own', async () => {
    await start({ clientCertificate: authority.ben });
    await t.endpoint({ url });
    await t.endpoint({ url, clientCertificate: authority.ada });
    await emit();
    expect(senders.sort()).toEqual(['ada', 'ben']);
  });

  it('that is no pair is refused, and the field is named', async () => {
    await start();
    const { certificate, key } = authority.ada;
    for (const [given, field] of [
      [{ certificate }, 'clientCertificate.key'],
      [{ certificate: 'x', key }, 'clientCertificate.certificate'],
      [{ certificate: certificate.replace(/[A-Z]{9}/, 'AAAAAAAAA'), key }, 'clientCertificate.certificate'],
      [{ certificate, key: authority.ben.key }, 'clientCertificate.key'],
      [{ certificate: expired.cert, key: expired.key }, 'clientCertificate.certificate'],
      [{ certificate, key: authority.lockedKey }, 'clientCertificate.key'],
      [{ certificate: 'x'.repeat(40_000), key }, 'clientCertificate.certificate'],
      [{ certificate, key, passphrase: 'x' }, 'clientCertificate.passphrase'],
      ['text', 'clientCertificate'],
    ] as const) {
      const refused = await t
        .endpoint({ clientCertificate: given as never })
        .catch((error: unknown) => error);
      const { details, message } = refused as InvalidWebhookInputError;
      expect(details.map((one) => one.field)).toContain(field);
      expect(message).not.toContain('PRIVATE');
    }
    const wrong = { certificate, key: authority.ben.key };
    expect(() => resolveOptions({ network: { clientCertificate: wrong } })).toThrow(
      'network.clientCertificate.key is not the key',
    );
  });
});
