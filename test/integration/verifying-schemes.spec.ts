import { generateKeyPairSync, KeyObject } from 'node:crypto';
import { verifyWebhook, type VerifyWebhookOptions } from 'nestjs-webhooks/receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { getReceiverLibraries, receiverLibrary, receiverModule } from '../support/receiver-libraries.js';
import type { Arrival } from '../support/receiver.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

const ed25519 = generateKeyPairSync('ed25519').privateKey;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pem = (key: typeof rsa): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;

const GITHUB = { scheme: 'hmac', header: 'x-hub-signature-256', prefix: 'sha256=' } as const;
const SHOPIFY = { scheme: 'hmac', header: 'x-shopify-hmac-sha256', encoding: 'base64' } as const;
const STRIPE = { scheme: 'stripe', header: 'stripe-signature' } as const;
const SLACK = {
  scheme: 'slack',
  header: 'x-slack-signature',
  timestampHeader: 'x-slack-request-timestamp',
} as const;

/** What Shopify's library wants beside its signature: the endpoint's own headers. */
const SHOPIFY_HEADERS = {
  'x-shopify-topic': 'orders/create',
  'x-shopify-shop-domain': 'acme.myshopify.com',
  'x-shopify-api-version': '2026-10',
  'x-shopify-webhook-id': 'b54557e4',
};

let t: SendingApp;
let first: Arrival;
/** While the secret is rotated. */
let rotated: Arrival;
let secrets: { readonly old: string; readonly new: string };
let missing: string | undefined;

const needsLibraries = ({ skip }: TestContext): void => {
  if (missing !== undefined) skip(missing);
};
const header = ({ headers }: Arrival, name: string): string => headers[name] as string;
const tampered = ({ body, ...rest }: Arrival): Arrival => ({
  ...rest,
  body: body.replace('post_1', 'post_2'),
});

beforeAll(async () => {
  missing = getReceiverLibraries();
  t = await sendingApp({
    clock: false,
    webhooks: {
      signature: {
        keys: [pem(ed25519), pem(p256), pem(rsa)],
        schemes: ['standard', 'standard-v1a', GITHUB, SHOPIFY, STRIPE, SLACK, 'rfc9421'],
      },
    },
  });
  const { id, secret } = await t.endpoint({ headers: SHOPIFY_HEADERS });
  const send = async (): Promise<Arrival> => {
    const count = t.receiver.arrivals.length;
    await t.webhooks.emit('post.created', { post_id: 'post_1', text: 'Grüße 👋' }, { tenant: 'acme' });
    return (await t.receiver.received(count + 1)).at(-1)!;
  };
  first = await send();
  secrets = { old: secret, new: (await t.webhooks.endpoints.rotateSecret('acme', id)).secret };
  rotated = await send();
}, 240_000);

afterAll(() => t?.stop());

describe('A receiver that was written for another sender, with its library, verifies', () => {
  it('the header of GitHub', async (context) => {
    needsLibraries(context);
    const { verify } = await receiverModule<{
      verify: (secret: string, body: string, signature: string) => Promise<boolean>;
    }>('@octokit/webhooks-methods/dist-node/index.js');
    const signature = header(first, 'x-hub-signature-256');

    expect(await verify(secrets.old, first.body, signature)).toBe(true);
    expect(await verify(secrets.new, first.body, signature)).toBe(false);
    expect(await verify(secrets.old, tampered(first).body, signature)).toBe(false);
  });

  it('the header of Stripe, with either secret while one is rotated', (context) => {
    needsLibraries(context);
    const Stripe = receiverLibrary<
      new (key: string) => {
        webhooks: { constructEvent: (body: string, header: string, secret: string) => unknown };
      }
    >('stripe');
    const { webhooks } = new Stripe('sk_test_of_nobody');
    const verify = ({ body, ...arrival }: Arrival, secret: string): unknown =>
      webhooks.constructEvent(body, header({ body, ...arrival }, 'stripe-signature'), secret);

    expect(verify(first, secrets.old)).toMatchObject({ event_type: 'post.created' });
    for (const secret of Object.values(secrets)) {
      expect(verify(rotated, secret)).toMatchObject({ event_type: 'post.created' });
    }
    expect(() => verify(first, secrets.new)).toThrow('No signatures found');
    expect(() => verify(tampered(first), secrets.old)).toThrow('No signatures found');
  });

  it('the header of Shopify', async (context) => {
    needsLibraries(context);
    receiverLibrary('@shopify/shopify-api/adapters/node');
    const { shopifyApi } = receiverLibrary<{
      shopifyApi: (config: object) => {
        webhooks: { validate: (request: object) => Promise<{ valid: boolean; topic?: string }> };
      };
    }>('@shopify/shopify-api');
    const verify = ({ headers, body }: Arrival, apiSecretKey: string): Promise<unknown> =>
      shopifyApi({
        apiSecretKey,
        apiKey: 'key',
        hostName: 'acme.example',
        apiVersion: '2026-10',
        isEmbeddedApp: false,
        isTesting: true,
        logger: { log: () => undefined },
      }).webhooks.validate({
        rawBody: body,
        rawRequest: { headers, url: '/', method: 'POST' },
        rawResponse: {},
      });

    expect(await verify(first, secrets.old)).toMatchObject({ valid: true, topic: 'ORDERS_CREATE' });
    expect(await verify(first, secrets.new)).toMatchObject({ valid: false });
    expect(await verify(tampered(first), secrets.old)).toMatchObject({ valid: false });
  });

  it('the headers of Slack', (context) => {
    needsLibraries(context);
    const { isValidSlackRequest } = receiverLibrary<{
      isValidSlackRequest: (request: { signingSecret: string; body: string; headers: object }) => boolean;
    }>('@slack/bolt/dist/receivers/verify-request.js');
    const verify = ({ headers, body }: Arrival, signingSecret: string): boolean =>
      isValidSlackRequest({ signingSecret, body, headers });

    expect(verify(first, secrets.old)).toBe(true);
    expect(verify(first, secrets.new)).toBe(false);
    expect(verify(tampered(first), secrets.old)).toBe(false);
  });

  it('Standard Webhooks v1, beside v1a', () => {
    const verify = ({ headers, body }: Arrival, secret: string): unknown =>
      new Webhook(secret).verify(body, headers as Record<string, string>);

    expect(verify(first, secrets.old)).toMatchObject({ event_type: 'post.created' });
    for (const secret of Object.values(secrets)) expect(verify(rotated, secret)).toBeDefined();
    expect(() => verify(first, secrets.new)).toThrow('No matching signature');
  });

  it('Standard Webhooks v1a, by an implementation of Ed25519 that is not Node’s', async (context) => {
    needsLibraries(context);
    const { verifyAsync } = receiverLibrary<{
      verifyAsync: (signature: Uint8Array, content: Uint8Array, key: Uint8Array) => Promise<boolean>;
    }>('@noble/ed25519');
    const { keys } = t.webhooks.settings.publicKeys();
    const key = Buffer.from(keys.find(({ crv }) => crv === 'Ed25519')!.x!, 'base64url');
    const verify = ({ headers, body }: Arrival): Promise<boolean> => {
      const content = `${header({ headers } as Arrival, 'webhook-id')}.${header({ headers } as Arrival, 'webhook-timestamp')}.${body}`;
      const [, signature] = header({ headers } as Arrival, 'webhook-signature').match(/(?:^| )v1a,(\S+)/)!;
      return verifyAsync(Buffer.from(signature!, 'base64'), Buffer.from(content), key);
    };

    expect(await verify(first)).toBe(true);
    expect(await verify(tampered(first))).toBe(false);
  });

  it('HTTP message signatures of RFC 9421, by the keys that the app publishes', async (context) => {
    needsLibraries(context);
    const { httpbis, createVerifier } = receiverLibrary<{
      createVerifier: (key: unknown, algorithm: string) => unknown;
      httpbis: { verifyMessage: (config: object, request: object) => Promise<boolean | null> };
    }>('http-message-signatures');
    const { importJWK } = receiverLibrary<{
      importJWK: (jwk: object) => Promise<Parameters<typeof KeyObject.from>[0]>;
    }>('jose');
    const { keys } = t.webhooks.settings.publicKeys();
    const keyLookup = async ({ keyid }: { keyid: string }): Promise<object> => {
      const jwk = keys.find(({ kid }) => kid === keyid)!;
      const key = KeyObject.from(await importJWK(jwk));
      return { id: keyid, algs: ['ed25519'], verify: createVerifier(key, 'ed25519') };
    };
    const verify = (url: string, { headers }: Arrival): Promise<boolean | null> =>
      httpbis.verifyMessage(
        { keyLookup, requiredFields: ['@method', '@target-uri', 'content-digest'] },
        { method: 'POST', url, headers },
      );

    expect(await verify(`${t.receiver.url}${first.path}`, first)).toBe(true);
    expect(await verify('https://other.example/webhooks', first)).toBe(false);
  });
});

describe('nestjs-webhooks/receiver verifies the same request by', () => {
  it.each([
    ['standard', 'standard'],
    ['hmac with a prefix', GITHUB],
    ['hmac in base64', SHOPIFY],
    ['stripe', STRIPE],
    ['slack', SLACK],
  ] as const)('%s', (_, scheme) => {
    const verify = ({ body, headers }: Arrival, secret: string | string[], more: VerifyWebhookOptions = {}) =>
      verifyWebhook(body, headers, secret, { scheme, ...more });

    expect(verify(first, secrets.old)).toMatchObject({ type: 'post.created' });
    expect(verify(rotated, Object.values(secrets))).toMatchObject({ type: 'post.created' });
    expect(() => verify(first, secrets.new)).toThrow('no signature');
    expect(() => verify(tampered(first), secrets.old)).toThrow('no signature');
    expect(() => verify({ ...first, headers: {} }, secrets.old)).toThrow('header');
    expect(() => verify(first, '')).toThrow('The secret');
    if (typeof scheme === 'object' && scheme.scheme === 'hmac') return;
    const later = { now: () => Date.now() + 600_000 };
    expect(() => verify(first, secrets.old, later)).toThrow('too long ago');
  });

  it.each(['standard-v1a', 'rfc9421'] as const)('%s', (name) => {
    const url = `${t.receiver.url}${first.path}`;
    const scheme = name === 'rfc9421' ? ({ scheme: name, url } as const) : name;
    const keys = t.webhooks.settings.publicKeys();
    const verify = (
      { body, headers }: Arrival,
      known: Parameters<typeof verifyWebhook>[2] = keys,
      more: VerifyWebhookOptions = {},
    ) => verifyWebhook(body, headers, known, { scheme, ...more });
    const foreign = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

    expect(verify(first)).toMatchObject({ type: 'post.created' });
    expect(verify(first, [keys.keys[0]!])).toMatchObject({ type: 'post.created' });
    expect(() => verify(tampered(first))).toThrow('no signature');
    expect(() => verify(first, foreign)).toThrow(/no signature|not among those given/);
    expect(() => verify(first, { ...foreign, kid: keys.keys[0]!.kid })).toThrow('no signature');
    expect(() => verify(first, { keys: [] })).toThrow('The public key is missing');
    expect(() => verify(first, secrets.old)).toThrow('The public key is malformed');
    const later = { now: () => Date.now() + 600_000 };
    expect(() => verify(first, keys, later)).toThrow('too long ago');
  });

  it('rfc9421 refuses a request to another URL, and one that signs less than it must', () => {
    const keys = t.webhooks.settings.publicKeys();
    const verify = (more: object, { body, headers } = first) =>
      verifyWebhook(body, headers, keys, {
        scheme: { scheme: 'rfc9421', url: `${t.receiver.url}${first.path}`, ...more },
      });
    const withInput = (change: (input: string) => string): Arrival => ({
      ...first,
      headers: { ...first.headers, 'signature-input': change(header(first, 'signature-input')) },
    });

    expect(() => verify({ url: 'https://other.example/webhooks' })).toThrow('no signature');
    expect(() => verify({ components: ['@query'] })).toThrow('does not sign @query');
    expect(() =>
      verify(
        {},
        withInput((input) => input.replace('"content-digest" ', '')),
      ),
    ).toThrow('does not sign content-digest');
    expect(() =>
      verify(
        {},
        withInput((input) => input.replace('"webhook-id"', '"webhook-id" "webhook-id"')),
      ),
    ).toThrow('once');
    expect(() =>
      verify(
        {},
        withInput((input) => input.replace('ed25519', 'hmac-sha256')),
      ),
    ).toThrow('no signature');
    expect(() =>
      verify(
        {},
        withInput((input) => input.replace(/keyid="[^"]+"/, 'keyid="other"')),
      ),
    ).toThrow('not among those given');
    expect(() =>
      verify(
        {},
        withInput((input) => input.replace('sig1=', 'sig2=')),
      ),
    ).toThrow('no signature named sig1');
    expect(
      verify(
        {},
        withInput((input) => `sig0=("@method");created=1, ${input}`),
      ),
    ).toMatchObject({ type: 'post.created' });
  });
});
