import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InvalidWebhookInputError } from 'nestjs-webhooks';
import { IS_FULL_RUN } from '../support/daily.js';
import type { SendingApp } from '../support/sending-app.js';
import { sendingApp } from '../support/sending-app.js';
import { Receiver, type Answer } from '../support/receiver.js';
import { STACKS_BY_QUEUE } from '../support/stacks.js';

const MINUTE = 60_000;
const KEY = Buffer.alloc(32, 7).toString('base64');
const HIDDEN = '(hidden)';

/** A real token server: the first token is `token-1`, the next one `token-2`. */
const tokenAnswer = (expiresIn: unknown = 3_600): Answer => {
  let count = 0;
  return (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ access_token: `token-${++count}`, token_type: 'Bearer', expires_in: expiresIn }),
    );
  };
};

describe.each(STACKS_BY_QUEUE)('The authorization of an endpoint on $name', (stack) => {
  /** Cases that need no database of a server. */
  const once = <Case>(cases: readonly Case[]): readonly Case[] =>
    IS_FULL_RUN || stack.database === 'sqlite' ? cases : [];
  let t: SendingApp;
  let tokens: Receiver;

  beforeEach(async () => {
    tokens = await Receiver.start();
    tokens.answer = tokenAnswer();
    t = await sendingApp({
      ...stack,
      webhooks: { encryption: { keys: [KEY] }, delivery: { timeout: '2s' } },
    });
  });
  afterEach(async () => {
    await t.stop();
    await tokens.stop();
  });

  const oauth = (more: object = {}) =>
    ({
      type: 'oauth2',
      tokenUrl: `${tokens.url}/token`,
      clientId: 'client 1',
      clientSecret: 'SECRET:1',
      scope: 'hooks',
      ...more,
    }) as const;
  const emit = async (count = 1): Promise<void> => {
    for (let n = 0; n < count; n++) await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.after(0);
  };
  const latest = async () => {
    const { data } = await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 });
    return t.webhooks.deliveries.get('acme', data[0]!.id);
  };
  const sentAuthorizations = () => t.receiver.arrivals.map(({ headers }) => headers.authorization);

  it.each([
    [
      { type: 'bearer', token: 'SECRET-bearer-of-some-length' } as const,
      'authorization',
      'Bearer SECRET-bearer-of-some-length',
      '…ngth',
    ],
    [
      { type: 'basic', username: 'ada', password: 'SECRETpäss' } as const,
      'authorization',
      `Basic ${Buffer.from('ada:SECRETpäss').toString('base64')}`,
      'ada',
    ],
    [
      { type: 'apiKey', header: 'X-Api-Key', value: 'SECRET-key' } as const,
      'x-api-key',
      'SECRET-key',
      'X-Api-Key',
    ],
  ])('is sent with each request, and never shown again: %j', async (authorization, header, value, hint) => {
    const { id } = await t.endpoint({ authorization, headers: { 'x-own': '1' } });
    await emit();
    expect(t.receiver.arrivals[0]!.headers).toMatchObject({ [header]: value, 'x-own': '1' });
    expect(await t.webhooks.endpoints.get('acme', id)).toMatchObject({
      authorization: { type: authorization.type, hint },
    });
    const delivery = await latest();
    expect(delivery.attempts[0]!.requestHeaders).toMatchObject({ [header]: HIDDEN });
    expect((await t.webhooks.deliveries.request('acme', delivery.id)).headers).toMatchObject({
      [header]: HIDDEN,
    });
    const rows = await t.dataSource.query('SELECT * FROM webhook_endpoints');
    const attempts = await t.dataSource.query('SELECT * FROM webhook_attempts');
    const shown = JSON.stringify([
      rows,
      attempts,
      delivery,
      (await t.webhooks.endpoints.list('acme', { limit: 9 })).data,
    ]);
    expect(shown).not.toContain('SECRET');
    expect(shown).not.toContain(value);

    await t.webhooks.endpoints.update('acme', id, { name: 'Renamed' });
    await emit();
    expect(t.receiver.arrivals[1]!.headers[header]).toBe(value);
    await t.webhooks.endpoints.update('acme', id, { authorization: null });
    await emit();
    expect(t.receiver.arrivals[2]!.headers[header]).toBeUndefined();
  });

  it('of OAuth2 fetches one token for many requests, and keeps it until shortly before it expires', async () => {
    await t.endpoint({ authorization: oauth() });
    await emit(5);
    await t.receiver.received(5);
    await t.settled();
    expect(tokens.arrivals).toHaveLength(1);
    const [asked] = tokens.arrivals;
    expect(asked!.body).toBe('grant_type=client_credentials&scope=hooks');
    expect(asked!.headers.authorization).toBe(
      `Basic ${Buffer.from('client+1:SECRET%3A1').toString('base64')}`,
    );
    t.clock.advance(59 * MINUTE - 1);
    await emit();
    expect(tokens.arrivals).toHaveLength(1);
    t.clock.advance(1);
    await emit();
    expect(tokens.arrivals).toHaveLength(2);
    expect(sentAuthorizations()).toEqual([...Array<string>(6).fill('Bearer token-1'), 'Bearer token-2']);
    expect(JSON.stringify(await t.dataSource.query('SELECT * FROM webhook_attempts'))).not.toContain(
      'token-',
    );
  });

  it.each(
    once<[unknown, number]>([
      ['120', 96_000],
      [1e300, 24 * 60 * MINUTE - MINUTE],
      [-5, 4 * MINUTE],
      [0, 4 * MINUTE],
      [null, 4 * MINUTE],
      ['soon', 4 * MINUTE],
    ]),
  )('of OAuth2 has a token with an expires_in of %j kept for %d ms', async (expiresIn, keptMs) => {
    tokens.answer = tokenAnswer(expiresIn);
    await t.endpoint({ authorization: oauth() });
    await emit();
    t.clock.advance(keptMs - 1);
    await emit();
    expect(tokens.arrivals).toHaveLength(1);
    t.clock.advance(1);
    await emit();
    expect(tokens.arrivals).toHaveLength(2);
  });

  it('of OAuth2 fetches a new token once after a 401, and at once for changed client credentials', async () => {
    const { id } = await t.endpoint({ authorization: oauth({ clientAuthentication: 'body' }) });
    await emit();
    expect(tokens.arrivals[0]!.body).toContain('client_secret=SECRET');
    t.receiver.nextAnswers.push(401, 200);
    await emit();
    expect(await latest()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(sentAuthorizations()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);

    t.receiver.answer = 401;
    await emit();
    expect(await latest()).toMatchObject({ status: 'pending', attemptCount: 1, statusCode: 401 });
    expect(sentAuthorizations().slice(3)).toEqual(['Bearer token-2', 'Bearer token-3']);
    t.receiver.answer = 200;
    await t.webhooks.endpoints.update('acme', id, { authorization: oauth({ clientId: 'other' }) });
    await emit();
    expect(tokens.arrivals).toHaveLength(4);
  });

  it.each<[string, Answer, string]>(
    once([
      [
        'wrong credentials',
        { status: 401, body: '{"error":"invalid_client","error_description":"SECRET"}' },
        'The token server answered 401 (invalid_client)',
      ],
      ['a page', { status: 200, body: '<html>SECRET' }, 'The token server answered without a token'],
      [
        '10 MB',
        { status: 200, body: JSON.stringify({ access_token: 'SECRET', more: 'x'.repeat(10_000_000) }) },
        'The token server answered without a token',
      ],
      ['an error page', { status: 500, body: 'SECRET' }, 'The token server answered 500'],
      [
        'a redirect',
        { status: 302, headers: { location: 'http://127.0.0.1/' } },
        'The token server answered 302',
      ],
      ['no token', { status: 200, body: '{"token":"SECRET"}' }, 'The token server answered without a token'],
      [
        'a token that would break a header',
        { status: 200, body: '{"access_token":"a\\r\\nx: SECRET"}' },
        'The token server answered without a token',
      ],
      [
        'another kind of token',
        { status: 200, body: '{"access_token":"SECRET","token_type":"mac"}' },
        'The token server gave a token that is not of type bearer',
      ],
      ['silence', () => undefined, 'The token server could not be asked: timed out after'],
    ]),
  )('that a token server answers with %s is a failed attempt of its own code', async (_, answer, message) => {
    tokens.answer = answer;
    await t.endpoint({ authorization: oauth() });
    await emit();
    const delivery = await latest();
    expect(delivery).toMatchObject({ status: 'pending', attemptCount: 1, errorCode: 'authorization' });
    expect(delivery.attempts[0]!.error!.message).toContain(message);
    expect(JSON.stringify(delivery)).not.toContain('SECRET');
    expect(t.receiver.arrivals).toHaveLength(0);
    tokens.answer = tokenAnswer();
    await t.after(5 * MINUTE);
    await t.receiver.received(1);
    await t.settled();
    expect(await latest()).toMatchObject({ status: 'succeeded' });
  });

  it.each(
    once<[object, string]>([
      [{ type: 'bearer' }, 'authorization.token'],
      [{ type: 'bearer', token: 'a b' }, 'authorization.token'],
      [{ type: 'bearer', token: 'x'.repeat(4_097) }, 'authorization.token'],
      [{ type: 'bearer', hint: '…1234' }, 'authorization.hint'],
      [{ type: 'digest' }, 'authorization.type'],
      [{ type: 'basic', username: 'a:b', password: 'x' }, 'authorization.username'],
      [{ type: 'apiKey', header: 'webhook-id', value: 'x' }, 'authorization.header'],
      [{ type: 'apiKey', header: 'x-key', value: 'a\nb' }, 'authorization.value'],
      [
        { type: 'oauth2', tokenUrl: 'http://169.254.169.254/', clientId: 'a', clientSecret: 'b' },
        'authorization.tokenUrl',
      ],
      [
        {
          type: 'oauth2',
          tokenUrl: 'https://a.example/',
          clientId: 'a',
          clientSecret: 'b',
          clientAuthentication: 'jwt',
        },
        'authorization.clientAuthentication',
      ],
      [[], 'authorization'],
    ]),
  )('%j is refused, and the field is named', async (authorization, field) => {
    const refused = await t
      .endpoint({ authorization: authorization as never })
      .catch((error: unknown) => error);
    expect((refused as InvalidWebhookInputError).details.map((one) => one.field)).toEqual([field]);
  });

  it('is sealed for its endpoint alone: one copied to another row is not sent', async () => {
    const one = await t.endpoint({ authorization: { type: 'bearer', token: 'token-of-one' } });
    const other = await t.endpoint();
    await t.dataSource.query(
      `UPDATE webhook_endpoints SET authorization_secret = (SELECT s FROM (SELECT authorization_secret AS s FROM webhook_endpoints WHERE id = '${one.id}') x) WHERE id = '${other.id}'`,
    );
    await emit();
    expect(sentAuthorizations()).toEqual(['Bearer token-of-one']);
  });
});
