import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { restApp, type RestApp } from '../support/rest-app.js';

/** Headers that no route takes, written into the database by somebody else. */
describe('Headers of an endpoint that were planted in its row', () => {
  let rest: RestApp;
  let id: string;
  let secret: string;

  beforeAll(async () => {
    rest = await restApp({ webhooks: { signature: { header: 'x-acme-signature' } } });
    id = await rest.endpoint('acme');
    secret = (await rest.webhooks.endpoints.secret('acme', id)).secret;
  });
  afterAll(() => rest.stop());
  beforeEach(() => void rest.receiver.arrivals.splice(0));

  /** The one request that arrives then. */
  const arrivalWith = async (headers: string) => {
    await rest.dataSource.query('UPDATE webhook_endpoints SET headers = ? WHERE id = ?', [headers, id]);
    await rest.webhooks.emit('post.created', { text: 'é' }, { tenant: 'acme' });
    await rest.settled();
    const [arrival, ...more] = rest.receiver.arrivals;
    expect(more).toEqual([]);
    verifyWebhook(arrival!.body, arrival!.headers, secret, { now: () => rest.clock.now() });
    return arrival!;
  };

  it.each([
    ['host', 'internal.example'],
    ['Host', 'internal.example'],
    ['content-length', '7'],
    ['Content-Length', '99999'],
    ['transfer-encoding', 'chunked'],
    ['connection', 'close, x-acme-signature'],
    ['expect', '100-continue'],
    ['upgrade', 'h2c'],
    ['content-type', 'text/plain'],
    ['user-agent', 'curl'],
    ['cookie', 'session=1'],
    ['proxy-authorization', 'Basic x'],
    ['metadata-flavor', 'Google'],
    ['webhook-signature', 'v1,forged'],
    ['Webhook-Signature', 'v1,forged'],
    ['webhook-id', 'evt_forged'],
    ['webhook-timestamp', '7'],
    ['webhook-anything', 'x'],
    ['x-acme-signature', 'forged'],
    ['X-Acme-Signature', 'forged'],
    ['x-webhook-attempt', '9'],
  ])('do not override or add %s', async (name, value) => {
    const arrival = await arrivalWith(JSON.stringify({ [name]: value, 'x-kept': 'yes' }));

    rest.receiver.arrivals.splice(0);
    const bare = await arrivalWith('{}');
    expect(arrival.headers['x-kept']).toBe('yes');
    expect(
      Object.keys(arrival.headers)
        .filter((key) => key !== 'x-kept')
        .sort(),
    ).toEqual(Object.keys(bare.headers).sort());
    expect(JSON.stringify(arrival.headers)).not.toContain(`"${value}"`);
    expect(arrival.headers.host).toBe(new URL(rest.receiver.url).host);
  });

  it.each([
    ['CR and LF in a value', { 'x-a': 'b\r\nX-Evil: 1' }],
    ['a whole request in a value', { 'x-a': 'b\r\n\r\nPOST /evil HTTP/1.1\r\nHost: x\r\n\r\n' }],
    ['LF in a value', { 'x-a': 'b\nX-Evil: 1' }],
    ['NUL in a value', { 'x-a': 'b\0' }],
    ['CR and LF in a name', { 'x-a\r\nX-Evil': '1' }],
    ['a name with a colon', { 'x-a: b\r\nX-Evil': '1' }],
    ['an empty name', { '': 'x' }],
    ['a value that is a list', { 'x-a': ['b', 'c\r\nX-Evil: 1'] }],
    ['a value that is an object', { 'x-a': { toString: 'x' } }],
    ['a value of megabytes', { 'x-a': 'b'.repeat(2_000_000) }],
    [
      'thousands of names',
      Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`x-evil-${n}\n`, '1'])),
    ],
  ])('can’t split a request: %s', async (_, headers) => {
    const { headers: arrived } = await arrivalWith(JSON.stringify({ ...headers, 'X-Kept': 'yes' }));

    expect(arrived['x-kept']).toBe('yes');
    expect(Object.keys(arrived).filter((name) => name.includes('evil') || name === 'x-a')).toEqual([]);
  });

  it('are at most twenty', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x-many-${n}`, '1']));

    const { headers } = await arrivalWith(JSON.stringify(many));

    expect(Object.keys(headers).filter((name) => name.startsWith('x-many-'))).toHaveLength(20);
  });

  it.each(['null', '[]', '"text"', '5', '["a"]', 'no JSON', ''])(
    'that are %j are ignored, and delay no other delivery',
    async (headers) => {
      const other = await rest.endpoint('globex');
      const arrival = await arrivalWith(headers);
      rest.receiver.arrivals.splice(0);

      await rest.webhooks.emit('post.created', {}, { tenant: 'globex' });
      await rest.settled();

      expect(arrival.headers['content-type']).toBe('application/json');
      expect(rest.receiver.arrivals.length).toBeGreaterThan(0);
      await rest.webhooks.endpoints.delete('globex', other);
    },
  );
});
