import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../lib/config/resolve-options.js';
import type { WebhooksOptions } from '../../lib/config/webhooks-options.js';
import { InvalidWebhooksOptionError } from '../../lib/domain/webhooks.error.js';

const HOUR = 3_600_000;
const KEY = randomBytes(32).toString('base64');

function failureOf(options: unknown): InvalidWebhooksOptionError {
  try {
    resolveOptions(options as WebhooksOptions);
  } catch (error) {
    if (error instanceof InvalidWebhooksOptionError) return error;
    throw error;
  }
  throw new Error('The options were accepted.');
}

describe('resolveOptions', () => {
  it('fills in every default', () => {
    const { retry, ...config } = resolveOptions({});
    expect(retry.longestMs).toBe(2 * HOUR);
    expect(config).toEqual({
      delivery: {
        timeoutMs: 15_000,
        leaseMs: 30_000,
        concurrency: 50,
        endpointConcurrency: 40,
        captureBytes: 4_096,
        pollIntervalMs: 1_000,
        // Below the five seconds that Jest gives a hook.
        shutdownGraceMs: 3_000,
      },
      network: {
        allowHttp: false,
        allowPrivateNetworks: false,
        allowedAddresses: [],
        allowedHosts: [],
        ca: [],
        clientCertificate: null,
        proxy: null,
      },
      signature: {
        rotation: 'old',
        overlapMs: 24 * HOUR,
        schemes: [expect.objectContaining({ kind: 'hmac' }), expect.objectContaining({ kind: 'standard' })],
        headerNames: ['x-webhook-signature', 'webhook-id', 'webhook-timestamp', 'webhook-signature'],
        hexHeader: 'x-webhook-signature',
        publicKeys: [],
        ownSecrets: false,
      },
      representations: {},
      versions: [],
      cloudEvents: { source: '/webhooks' },
      encryptionKeys: [],
      disableAfterMs: 5 * 24 * HOUR,
      failingAfterMs: 24 * HOUR,
      lagAfterMs: HOUR / 12,
      probeEveryMs: null,
      retentionMs: 30 * 24 * HOUR,
      audit: { retentionMs: 365 * 24 * HOUR },
      telemetry: { traces: false, propagate: false, metrics: undefined, labels: [] },
      limits: {
        bodyBytes: 262_144,
        endpointsPerTenant: 10_000,
        testsPerMinute: 60,
        resendsPerMinute: 300,
      },
    });
  });

  it('takes an option that is undefined for one that is not given', () => {
    const options = { delivery: { timeout: undefined }, retention: undefined, signature: undefined };
    const { delivery, retentionMs } = resolveOptions(options as unknown as WebhooksOptions);
    expect(delivery.timeoutMs).toBe(15_000);
    expect(retentionMs).toBe(30 * 24 * HOUR);
  });

  it('resolves durations to ms and decodes keys', () => {
    const config = resolveOptions({
      retry: { schedule: ['1s', '1m'] },
      delivery: { timeout: '5s', pollInterval: 250, concurrency: 1 },
      signature: { header: 'X-Acme-Signature', rotation: 'new', overlap: '2h' },
      encryption: { keys: [KEY] },
      disableAfter: '1d',
      retention: '7d',
      limits: { bodyBytes: 1_000, testsPerMinute: 5 },
    });
    expect(config.retry.longestMs).toBe(60_000);
    expect(config.delivery).toMatchObject({
      timeoutMs: 5_000,
      leaseMs: 20_000,
      pollIntervalMs: 250,
      concurrency: 1,
    });
    expect(config.signature).toMatchObject({
      hexHeader: 'x-acme-signature',
      rotation: 'new',
      overlapMs: 2 * HOUR,
    });
    expect(config.encryptionKeys).toEqual([Buffer.from(KEY, 'base64')]);
    expect(config).toMatchObject({ disableAfterMs: 24 * HOUR, retentionMs: 7 * 24 * HOUR });
    expect(config.limits).toEqual({
      bodyBytes: 1_000,
      endpointsPerTenant: 10_000,
      testsPerMinute: 5,
      resendsPerMinute: 300,
    });
  });

  it('turns disabling and pruning off with false, and the overlap with 0', () => {
    const options: WebhooksOptions = { disableAfter: false, retention: false, signature: { overlap: 0 } };
    const config = resolveOptions(options);
    expect(config).toMatchObject({ disableAfterMs: null, retentionMs: null, signature: { overlapMs: 0 } });
  });

  it('takes durations of any length where no timer is set for them, and timers of up to 24.8 days', () => {
    const config = resolveOptions({
      retry: { schedule: ['1d', '60d'] },
      retention: '3650d',
      disableAfter: '90d',
      signature: { overlap: '90d' },
      delivery: { timeout: '24d', pollInterval: 2_147_483_647 },
    });
    expect(config).toMatchObject({
      retry: { longestMs: 60 * 24 * HOUR },
      retentionMs: 3650 * 24 * HOUR,
      disableAfterMs: 90 * 24 * HOUR,
      signature: { overlapMs: 90 * 24 * HOUR },
      delivery: { pollIntervalMs: 2_147_483_647 },
    });
  });

  it('gives a config that can not be changed, nor through what it was given', () => {
    const allowedAddresses = ['10.1.2.3'];
    const config = resolveOptions({ network: { allowedAddresses } });
    allowedAddresses.push('10.1.2.4');
    expect(config.network.allowedAddresses).toEqual(['10.1.2.3']);
    const parts = [
      config,
      config.delivery,
      config.network,
      config.network.allowedAddresses,
      config.signature,
      config.limits,
    ];
    for (const part of parts) expect(Object.isFrozen(part)).toBe(true);
  });

  it.each([
    { option: 'retry.schedule', options: { retry: { schedule: '5m' } }, says: '"5m"' },
    {
      option: 'retry.schedule[1]',
      options: { retry: { schedule: ['15m', '10m'] } },
      says: "'10m' after '15m'",
    },
    { option: 'delivery.timeout', options: { delivery: { timeout: '0s' } }, says: '"0s"' },
    { option: 'delivery.timeout', options: { delivery: { timeout: '15 seconds' } }, says: '"15 seconds"' },
    { option: 'delivery.timeout', options: { delivery: { timeout: false } }, says: 'false' },
    { option: 'delivery.lease', options: { delivery: { timeout: '15s', lease: '15s' } }, says: '15000 ms' },
    { option: 'delivery.pollInterval', options: { delivery: { pollInterval: -1 } }, says: '-1' },
    ...['timeout', 'lease', 'pollInterval', 'shutdownGrace'].flatMap((name) =>
      (['30d', 2_147_483_648] as const).map((value) => ({
        option: `delivery.${name}`,
        options: { delivery: { [name]: value } },
        says: "at most '24d'",
      })),
    ),
    { option: 'delivery.concurrency', options: { delivery: { concurrency: 0 } }, says: 'above zero' },
    {
      option: 'delivery.endpointConcurrency',
      options: { delivery: { endpointConcurrency: 1.5 } },
      says: '1.5',
    },
    { option: 'delivery.captureBytes', options: { delivery: { captureBytes: '4096' } }, says: '"4096"' },
    { option: 'network.allowHttp', options: { network: { allowHttp: 'false' } }, says: '"false"' },
    {
      option: 'network.allowPrivateNetworks',
      options: { network: { allowPrivateNetworks: 1 } },
      says: 'got 1',
    },
    {
      option: 'network.allowedAddresses',
      options: { network: { allowedAddresses: '10.0.0.1' } },
      says: 'a list',
    },
    {
      option: 'network.allowedAddresses[1]',
      options: { network: { allowedAddresses: ['::1', 'db'] } },
      says: '"db"',
    },
    { option: 'signature.header', options: { signature: { header: 'x signature' } }, says: '"x signature"' },
    { option: 'signature.header', options: { signature: { header: '' } }, says: '""' },
    { option: 'signature.header', options: { signature: { header: 'x-é' } }, says: 'x-é' },
    { option: 'signature.rotation', options: { signature: { rotation: 'both' } }, says: '"both"' },
    { option: 'signature.overlap', options: { signature: { overlap: 'a day' } }, says: '"a day"' },
    ...(
      [
        ['', [], 'got []. A request is never sent unsigned'],
        ['', 'standard', 'must be a list'],
        ['[0]', ['v1'], `must be one of 'hmac', 'standard'`],
        ['[0]', [{ header: 'x-acme' }], "{ scheme: 'hmac', … }"],
        ['[0]', ['toString'], 'got "toString"'],
        ['[1].prefix', ['standard', { scheme: 'hmac', prefix: 'a b' }], '"a b"'],
        ['[0].encoding', [{ scheme: 'hmac', encoding: 'HEX' }], "'hex' or 'base64', got \"HEX\""],
        ['[0].header', [{ scheme: 'hmac', header: 'webhook-mine' }], 'webhook-mine'],
        [
          '[0].colour',
          [{ scheme: 'hmac', colour: 'x' }],
          "There are 'scheme', 'header', 'prefix', 'encoding'",
        ],
        [
          '[1]',
          ['hmac', { scheme: 'hmac', prefix: 'sha256=' }],
          'sends the header x-webhook-signature, as one',
        ],
        ['[1]', ['standard', 'standard'], 'sends the header webhook-id'],
      ] as const
    ).map(([place, schemes, says]) => ({
      option: `signature.schemes${place}`,
      options: { signature: { schemes } },
      says,
    })),
    { option: 'disableAfter', options: { disableAfter: 0 }, says: 'got 0' },
    { option: 'disableAfter', options: { disableAfter: true }, says: 'true' },
    { option: 'retention', options: { retention: 'never' }, says: '"never"' },
    {
      option: 'telemetry.metrics',
      options: { telemetry: { metrics: true } },
      says: "'opentelemetry', got true",
    },
    { option: 'telemetry.traces', options: { telemetry: { traces: 'yes' } }, says: '"yes"' },
    { option: 'telemetry.propagate', options: { telemetry: { propagate: 1 } }, says: 'got 1' },
    { option: 'telemetry.labels', options: { telemetry: { labels: ['url'] } }, says: '["url"]' },
    { option: 'limits.bodyBytes', options: { limits: { bodyBytes: NaN } }, says: 'whole number' },
    { option: 'limits.testsPerMinute', options: { limits: { testsPerMinute: 0 } }, says: 'above zero' },
    { option: 'limits.resendsPerMinute', options: { limits: { resendsPerMinute: 0.5 } }, says: '0.5' },
    { option: 'limits.endpointsPerTenant', options: { limits: { endpointsPerTenant: '10' } }, says: '"10"' },
  ])('refuses $options and names $option', ({ option, options, says }) => {
    const error = failureOf(options);
    expect(error).toMatchObject({ code: 'webhooks/invalid-option', option });
    expect(error.message).toContain(option);
    expect(error.message).toContain(says);
  });

  it.each(['webhook-id', 'Webhook-Anything', 'X-Webhook-Attempt', 'content-type', 'host', 'user-agent'])(
    'refuses %s for the signature, which is a header already',
    (header) => {
      expect(failureOf({ signature: { header } }).option).toBe('signature.header');
    },
  );

  it.each([
    { key: randomBytes(16).toString('base64'), says: 'got 16 bytes' },
    { key: randomBytes(32).toString('hex'), says: 'got 48 bytes' },
    { key: 'a passphrase!', says: 'got something else' },
    { key: 7, says: 'got something else' },
  ])('refuses the key $key, does not repeat it and says how to make one', ({ key, says }) => {
    const error = failureOf({ encryption: { keys: [KEY, key] } });
    expect(error.option).toBe('encryption.keys[1]');
    expect(error.message).toContain(says);
    expect(error.message).toContain('randomBytes(32)');
    expect(error.message).not.toContain(`got ${String(key)}`);
  });

  it('refuses a single key that is not in a list, and does not repeat it', () => {
    const error = failureOf({ encryption: { keys: KEY } });
    expect(error.option).toBe('encryption.keys');
    expect(error.message).not.toContain(KEY);
  });
});
