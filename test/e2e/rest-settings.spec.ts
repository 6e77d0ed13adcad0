import { afterEach, describe, expect, it } from 'vitest';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { ADAPTERS, restApp, type RestApp } from '../support/rest-app.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe.each(ADAPTERS)('GET /settings on %s', (adapter) => {
  let rest: RestApp;
  afterEach(() => rest.stop());

  const settings = async (webhooks: Partial<WebhooksModuleOptions> = {}): Promise<object> => {
    rest = await restApp({ adapter, webhooks });
    const { status, body } = await rest.as('acme').get('/settings');
    expect(status).toBe(200);
    expect(rest.webhooks.settings.get()).toEqual(body);
    return body;
  };

  const hexHeader = (name: string): object => ({
    name,
    description: 'The hex HMAC-SHA256 of the body.',
    secrets: 'one',
  });

  it('tells the defaults', async () => {
    expect(await settings({ network: {} })).toEqual({
      signatureHeader: 'x-webhook-signature',
      signatureHeaders: [
        hexHeader('x-webhook-signature'),
        expect.objectContaining({ name: 'webhook-id', secrets: 'none' }),
        expect.objectContaining({ name: 'webhook-timestamp', secrets: 'none' }),
        expect.objectContaining({ name: 'webhook-signature', secrets: 'every' }),
      ],
      signatureRotation: 'old',
      ownSecrets: false,
      overlapMs: DAY,
      retryOffsetsMs: [5, 15, 30, 60, 120].map((minutes) => minutes * MINUTE),
      timeoutMs: 15_000,
      captureBytes: 4096,
      disableAfterMs: 5 * DAY,
      retentionMs: 30 * DAY,
      allowHttp: false,
      representations: expect.any(Array),
      versions: [],
      guide: 'guarded',
    });
  });

  it('tells what the app has set', async () => {
    const told = await settings({
      signature: { header: 'X-Acme-Signature', rotation: 'new', overlap: '1h', schemes: ['hmac'] },
      retry: { schedule: ['1m', '2m'] },
      delivery: { timeout: '5s', captureBytes: 100, pollInterval: '1h' },
      disableAfter: false,
      retention: false,
      network: { allowHttp: true },
      guide: { public: true },
    });

    expect(told).toEqual({
      signatureHeader: 'x-acme-signature',
      signatureHeaders: [hexHeader('x-acme-signature')],
      signatureRotation: 'new',
      ownSecrets: false,
      overlapMs: 60 * MINUTE,
      retryOffsetsMs: [MINUTE, 2 * MINUTE],
      timeoutMs: 5_000,
      captureBytes: 100,
      disableAfterMs: null,
      retentionMs: null,
      allowHttp: true,
      representations: expect.any(Array),
      versions: [],
      guide: 'public',
    });
  });

  it('tells the offsets that a function gives', async () => {
    const schedule = (made: number): `${number}m` | null => (made <= 3 ? `${made * 10}m` : null);

    expect(await settings({ retry: { schedule } })).toMatchObject({
      retryOffsetsMs: [10 * MINUTE, 20 * MINUTE, 30 * MINUTE],
    });
  });
});
