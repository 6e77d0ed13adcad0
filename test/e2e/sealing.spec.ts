import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookEndpoint } from 'nestjs-webhooks';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { SecretSealer } from '../../lib/persistence/secret-sealer.js';
import { RecordingLogger } from '../support/bare-app.js';
import { restApp, type RestApp } from '../support/rest-app.js';
import { dump } from '../support/route-matrix.js';

const OLD = randomBytes(32);
const NEW = randomBytes(32);
const EVENT_TYPE = { eventType: 'post.created' };
const base64 = (keys: readonly Buffer[]): string[] => keys.map((key) => key.toString('base64'));

let rest: RestApp;
let logger: RecordingLogger;
afterEach(() => rest.stop());

const start = async (...keys: Buffer[]): Promise<void> => {
  logger = new RecordingLogger();
  rest = await restApp({ logger, webhooks: { encryption: { keys: base64(keys) } } });
};
const stored = async (id: string): Promise<string> => {
  const [row] = await rest.dataSource.query('SELECT secrets FROM webhook_endpoints WHERE id = ?', [id]);
  return row.secrets;
};
const plant = async (id: string, secrets: string): Promise<void> => {
  await rest.dataSource.getRepository(WebhookEndpoint).update({ id }, { secrets });
};
const secretOf = async (id: string): Promise<string> =>
  (await rest.as('acme').get(`/${id}/secret`)).body.secret;
const emit = async (): Promise<void> => {
  await rest.webhooks.emit('post.created', {}, { tenant: 'acme' });
  await rest.settled();
};
const statuses = async (): Promise<string[]> =>
  (await rest.as('acme').get('/deliveries')).body.data.map(({ status }: { status: string }) => status);

/** Nothing leaves, nothing is lost, the log says why, and the routes say that it can't be read and no more. */
const expectUnavailable = async (id: string, reason: RegExp): Promise<void> => {
  await emit();
  await rest.after(60_000);
  expect(rest.receiver.arrivals).toEqual([]);
  expect(await statuses()).toEqual(['pending']);
  expect(logger.matching(/could not be sent/)[0]).toMatch(reason);
  const before = await dump(rest.dataSource);
  const as = rest.as('acme');
  const answers = [
    await as.get(`/${id}/secret`),
    await as.post(`/${id}/secret/rotate`),
    await as.post(`/${id}/test`, EVENT_TYPE),
  ];
  for (const { status, body } of answers) {
    const message = `The secret of webhook ${id} can't be read at the moment, so nothing was sent or changed.`;
    expect([status, body]).toEqual([503, { statusCode: 503, code: 'webhooks/secret-unavailable', message }]);
  }
  expect(await dump(rest.dataSource)).toBe(before);
};

describe('A stored secret', () => {
  it('is in no column as plain text, neither after it was made nor after a rotation', async () => {
    await start(NEW);
    const { body } = await rest.as('acme').post('/', {
      name: 'CRM',
      url: `${rest.receiver.url}/acme`,
      events: ['*'],
    });
    const rotated = await rest.as('acme').post(`/${body.id}/secret/rotate`);
    await emit();

    const everything = await dump(rest.dataSource);
    for (const secret of [body.secret, rotated.body.secret]) {
      expect(everything).not.toContain(secret);
      expect(everything).not.toContain(secret.slice('whsec_'.length));
    }
    expect(await stored(body.id)).toMatch(/^sealed:v1:[0-9a-f]{12}:[A-Za-z0-9+/]+=*$/);
  });

  it('does not open in another row', async () => {
    await start(NEW);
    const [one, other] = [await rest.endpoint('globex'), await rest.endpoint('acme')];

    await plant(other, await stored(one));

    await expectUnavailable(other, /the stored value was changed/);
  });

  it.each([
    ['its first', 0],
    ['one of its middle', 0.5],
    ['its last', 1],
  ])('does not open with a flipped bit in %s byte', async (_, where) => {
    await start(NEW);
    const id = await rest.endpoint('acme');
    const [, head, payload] = /^(sealed:v1:\w+:)(.*)$/.exec(await stored(id))!;
    const bytes = Buffer.from(payload!, 'base64');
    bytes[Math.round((bytes.length - 1) * where)]! ^= 1;

    await plant(id, head! + bytes.toString('base64'));

    await expectUnavailable(id, /the stored value was changed/);
  });

  it.each([
    ['nothing', ''],
    ['an empty list', '[]'],
    ['an empty secret', '[{"value":"","createdAt":0,"expiresAt":null}]'],
    ['an object', '{"value":"x"}'],
    ['a secret by itself', 'whsec_plain'],
    ['a ciphertext with nothing in it', `sealed:v1:${'0'.repeat(12)}:`],
    ['a tag cut short', 'sealed:v1:KEY:AAAA'],
  ])('that is %s signs nothing', async (_, text) => {
    await start(NEW);
    const id = await rest.endpoint('acme');
    const [, keyId] = /^sealed:v1:(\w+):/.exec(await stored(id))!;

    await plant(id, text.replace('KEY', keyId!));

    await expectUnavailable(id, /can't be opened/);
    expect(logger.lines.join('\n')).not.toContain('whsec_plain');
  });

  it('makes deliveries wait for a missing key, and signs them once it is back', async () => {
    await start(NEW);
    const id = await rest.endpoint('acme');
    const [secret, sealed] = [await secretOf(id), await stored(id)];
    const sealer = new SecretSealer([OLD]);
    await plant(id, sealer.seal(id, new SecretSealer([NEW]).open(id, sealed)));
    await expectUnavailable(id, /encryption\.keys lacks the key '[0-9a-f]{12}' that sealed it/);

    await plant(id, sealed);
    await rest.after(60_000);

    const [arrival, ...more] = rest.receiver.arrivals;
    expect(more).toEqual([]);
    verifyWebhook(arrival!.body, arrival!.headers, secret, { now: () => rest.clock.now() });
    expect(await statuses()).toEqual(['succeeded']);
  });

  it('that can no longer be opened cancels a stored test', async () => {
    await start(NEW);
    const id = await rest.endpoint('acme');
    await rest.dataSource.query(
      `CREATE TRIGGER lost AFTER INSERT ON webhook_deliveries
       BEGIN UPDATE webhook_endpoints SET secrets = 'sealed:v1:gone:AA'; END`,
    );

    const { status, body } = await rest.as('acme').post(`/${id}/test`, EVENT_TYPE);

    expect([status, body.code]).toEqual([503, 'webhooks/secret-unavailable']);
    const [delivery] = (await rest.as('acme').get('/deliveries')).body.data;
    expect(delivery).toMatchObject({ status: 'canceled', errorCode: 'not-sent', nextAttemptAt: null });
    await rest.after(86_400_000);
    expect(rest.receiver.arrivals).toEqual([]);
  });
});

describe('With a new key before the old one', () => {
  it('secrets under the old key still sign, and rotated ones are sealed with the new key', async () => {
    await start(NEW, OLD);
    const id = await rest.endpoint('acme');
    const secret = await secretOf(id);
    await plant(id, new SecretSealer([OLD]).seal(id, new SecretSealer([NEW]).open(id, await stored(id))));

    await emit();

    const [arrival] = rest.receiver.arrivals;
    verifyWebhook(arrival!.body, arrival!.headers, secret, { now: () => rest.clock.now() });
    const rotated = await rest.as('acme').post(`/${id}/secret/rotate`);
    const [newest] = new SecretSealer([NEW]).open(id, await stored(id));
    expect(newest!.value).toBe(rotated.body.secret);
  });
});
