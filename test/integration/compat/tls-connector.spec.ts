import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TlsConnector } from '../../../lib/compat/tls-connector.js';
import { createCertificates } from '../../support/certificates.js';

describe('What is assumed of ioredis over TLS:', () => {
  const { valid } = createCertificates();
  const server = createServer(valid, (socket) => socket.on('error', () => undefined));
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => void server.close());

  async function connected(options: object): Promise<Redis> {
    const { port } = server.address() as AddressInfo;
    const tls = { ca: valid.cert, servername: 'hooks.example.com' };
    const redis = new Redis({ host: '127.0.0.1', port, tls, enableReadyCheck: false, ...options });
    redis.on('error', () => undefined);
    await once(redis, 'connect');
    return redis;
  }
  const errors = (redis: Redis): void => {
    for (const message of ['the alert', 'the write after it']) redis.stream.emit('error', new Error(message));
  };

  it('it hears one error of a socket, and a second one would end the process', async () => {
    const redis = await connected({});
    expect(() => errors(redis)).toThrow('the write after it');
    redis.disconnect();
  });

  it('it takes a connector of ours, whose sockets may have two, and ends it', async () => {
    const redis = await connected({ Connector: TlsConnector });
    expect(() => errors(redis)).not.toThrow();
    redis.disconnect();
    await once(redis, 'end');
  });
});
