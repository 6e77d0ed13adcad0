import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebhooksOptions } from 'nestjs-webhooks';
import { restApp } from '../support/rest-app.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

const STRICT: WebhooksOptions['network'] = { allowHttp: false, allowPrivateNetworks: false };
const DOCS = 'docs/reference/delivery.md#destinations';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function appWith(network: WebhooksOptions['network']): Promise<SendingApp> {
  const t = await sendingApp({ webhooks: { network } });
  cleanups.push(() => t.stop());
  return t;
}

const refusalOf = async (t: SendingApp, url: string): Promise<string> =>
  t.endpoint({ url }).then(
    () => 'accepted',
    ({ message }: Error) => message,
  );

/** What is recorded of an attempt to a URL that was allowed once. */
async function recordedRefusal(t: SendingApp): Promise<string | null> {
  const { id } = await t.endpoint({ url: 'https://example.com/hook' });
  await t.dataSource.query(`UPDATE webhook_endpoints SET url = 'http://127.0.0.1:9/hook' WHERE id = '${id}'`);
  const { error } = await t.webhooks.deliveries.test('acme', id, 'post.published');
  expect(error?.code).toBe('refused-destination');
  return error?.message ?? null;
}

describe('A destination that is refused, while the app is developed', () => {
  it('names every option that it takes, and the page about them', async () => {
    const t = await appWith(STRICT);
    const local = await refusalOf(t, 'http://localhost:4000/hook');
    expect(local).toContain('network.allowHttp: true');
    expect(local).toContain('network.allowPrivateNetworks: true');
    expect(local).toContain(DOCS);
    const address = await refusalOf(t, 'https://10.1.2.3/hook');
    expect(address).toContain('network.allowPrivateNetworks: true or network.allowedAddresses');
    expect(address).not.toContain('network.allowHttp');
    expect(await refusalOf(t, 'http://example.com')).not.toContain('network.allowPrivateNetworks');
  });

  it('names none where none would help', async () => {
    const t = await appWith({ ...STRICT, allowHttp: true });
    for (const url of ['ftp://example.com', 'http://169.254.169.254/', 'http://metadata.google.internal/'])
      expect(await refusalOf(t, url)).not.toContain('network.');
  });

  it('is told by the routes and by the recorded attempt, too', async () => {
    const t = await appWith(STRICT);
    expect(await recordedRefusal(t)).toContain(`network.allowHttp: true`);
    const rest = await restApp({ webhooks: { network: STRICT } });
    cleanups.push(() => rest.stop());
    const { body } = await rest
      .as('acme')
      .post('/', { name: 'Local', url: 'http://localhost/hook', events: ['*'] });
    expect(body.details).toEqual([
      {
        field: 'url',
        message: expect.stringContaining(DOCS),
        code: expect.stringMatching(/^url-/),
        params: expect.any(Object),
      },
    ]);
  });
});

describe('A destination that is refused in production', () => {
  it('tells customers of no option', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const t = await appWith(STRICT);
    expect(await refusalOf(t, 'http://localhost:4000/hook')).toBe('The URL must begin with https://.');
    expect(await recordedRefusal(t)).toBe(
      'The destination is not allowed: its host must be public and must only have public addresses.',
    );
  });
});
