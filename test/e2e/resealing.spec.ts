import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookEndpoint } from 'nestjs-webhooks';
import { type WebhookSecret } from '../../lib/domain/secret.js';
import { SecretSealer } from '../../lib/persistence/secret-sealer.js';
import { RecordingLogger } from '../support/bare-app.js';
import { restApp, type RestApp, type RestAppOptions } from '../support/rest-app.js';

const OLD = randomBytes(32);
const NEW = randomBytes(32);
const sealedWith = (key: Buffer): SecretSealer => new SecretSealer([key]);
const secret = (value: string): WebhookSecret[] => [{ value, createdAt: 1, expiresAt: null }];

let rest: RestApp;
let logger: RecordingLogger;
afterEach(() => rest.stop());

const start = async (
  keys: readonly Buffer[],
  database: NonNullable<RestAppOptions['database']> = 'sqlite',
): Promise<void> => {
  logger = new RecordingLogger();
  const encryption = { keys: keys.map((key) => key.toString('base64')) };
  rest = await restApp({ logger, database, webhooks: { encryption } });
};
const endpointWith = async (tenant: string, seal: (id: string) => string): Promise<string> => {
  const id = await rest.endpoint(tenant);
  await rest.dataSource.getRepository(WebhookEndpoint).update({ id }, { secrets: seal(id) });
  return id;
};
const stored = async (id: string): Promise<string> => {
  const where = { id };
  const select = { id: true, secrets: true };
  const row = await rest.dataSource.getRepository(WebhookEndpoint).findOneOrFail({ where, select });
  return row.secrets!;
};
const valueWith = async (key: Buffer, id: string): Promise<string> =>
  sealedWith(key).open(id, await stored(id))[0]!.value;

describe('Sealing secrets again', () => {
  it('seals plain ones and those of older keys with the first key, and counts each kind', async () => {
    await start([NEW, OLD]);
    const plain = await endpointWith('acme', () => JSON.stringify(secret('whsec_plain')));
    const old = await endpointWith('globex', (id) => sealedWith(OLD).seal(id, secret('whsec_old')));
    const current = await endpointWith('acme', (id) => sealedWith(NEW).seal(id, secret('whsec_new')));
    const lost = await endpointWith('acme', (id) => sealedWith(randomBytes(32)).seal(id, secret('whsec_x')));
    const before = { current: await stored(current), lost: await stored(lost) };

    const counts = await rest.webhooks.endpoints.resealSecrets();

    expect(counts).toEqual({ resealed: 2, current: 1, unreadable: 1 });
    expect(await valueWith(NEW, plain)).toBe('whsec_plain');
    expect(await valueWith(NEW, old)).toBe('whsec_old');
    expect({ current: await stored(current), lost: await stored(lost) }).toEqual(before);
    expect(
      logger.matching(new RegExp(`${lost} can't be opened: encryption.keys lacks the key`)),
    ).toHaveLength(1);
    const again = await rest.webhooks.endpoints.resealSecrets();
    expect(again).toEqual({ resealed: 0, current: 3, unreadable: 1 });
  });

  it('changes nothing that a customer sees', async () => {
    await start([NEW, OLD]);
    const id = await endpointWith('acme', (one) => sealedWith(OLD).seal(one, secret('whsec_old')));
    const read = async (): Promise<string[]> => [
      (await rest.as('acme').get(`/${id}`)).text,
      (await rest.as('acme').get(`/${id}/secret`)).text,
    ];
    const before = await read();
    rest.clock.advance('1h');

    await rest.webhooks.endpoints.resealSecrets();

    expect(await read()).toEqual(before);
  });

  it('goes through all of them in batches', async () => {
    await start([NEW]);
    const ids: string[] = [];
    for (let made = 0; made < 450; made++) {
      ids.push(await endpointWith('acme', (id) => JSON.stringify(secret(`whsec_${id}`))));
    }

    const statements = await rest.statementsOf(async () => {
      const counts = await rest.webhooks.endpoints.resealSecrets();
      expect(counts).toEqual({ resealed: 450, current: 0, unreadable: 0 });
    });

    const reads = statements.filter((sql) => sql.startsWith('SELECT'));
    expect(reads).toHaveLength(3);
    for (const sql of reads) expect(sql).toMatch(/LIMIT 200/);
    for (const id of ids) expect(await valueWith(NEW, id)).toBe(`whsec_${id}`);
  });

  it('loses no secret that is rotated meanwhile', async () => {
    await start([NEW, OLD], 'postgres');
    const ids: string[] = [];
    for (let made = 0; made < 40; made++) {
      ids.push(await endpointWith('acme', (id) => sealedWith(OLD).seal(id, secret(`whsec_${id}`))));
    }

    const [counts, ...rotated] = await Promise.all([
      rest.webhooks.endpoints.resealSecrets(),
      ...ids.toReversed().map((id) => rest.webhooks.endpoints.rotateSecret('acme', id)),
    ]);

    expect(counts.resealed + counts.current).toBe(40);
    for (const [index, id] of ids.toReversed().entries()) {
      expect(await valueWith(NEW, id)).toBe(rotated[index]!.secret);
    }
  });

  it('says what to do where there is no key', async () => {
    await start([]);

    await expect(rest.webhooks.endpoints.resealSecrets()).rejects.toMatchObject({
      code: 'webhooks/invalid-option',
      message: 'encryption.keys is empty: there is no key to seal with.',
    });
  });
});
