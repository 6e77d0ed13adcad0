import { createHmac } from 'node:crypto';
import { IsInt, IsString, Min } from 'class-validator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { restApp, wrongFields, type RestApp } from '../support/rest-app.js';
import { dump } from '../support/route-matrix.js';

class OrderPaid {
  @IsString()
  order_id!: string;

  @IsInt()
  @Min(1)
  cents!: number;
}

const EVENTS = {
  'order.paid': { payload: OrderPaid, example: { order_id: 'o1', cents: 100 } },
  'order.shipped': {
    schema: {
      type: 'object',
      required: ['carrier', 'items'],
      additionalProperties: false,
      properties: {
        carrier: { enum: ['dhl', 'ups'] },
        weight: { type: ['number', 'null'], exclusiveMinimum: 0 },
        items: { type: 'array', minItems: 1, items: { $ref: '#/definitions/Item' } },
      },
      definitions: {
        Item: {
          type: 'object',
          required: ['sku'],
          properties: { sku: { type: 'string', pattern: '^[A-Z]+$' } },
        },
      },
    },
    example: { carrier: 'dhl', items: [{ sku: 'A' }] },
  },
  'order.noted': {},
};

describe('A test with a payload of its own', () => {
  let rest: RestApp;
  let id: string;
  let tenants = 0;
  let tenant: string;
  const as = (): ReturnType<RestApp['as']> => rest.as(tenant);

  beforeAll(async () => {
    rest = await restApp({
      webhooks: { events: EVENTS, limits: { bodyBytes: 2_000, endpointsPerTenant: 1 } },
    });
  });
  beforeEach(async () => {
    tenant = `tenant-${++tenants}`;
    id = await rest.endpoint(tenant);
  });
  afterAll(() => rest.stop());

  const sent = (): { data: unknown } => JSON.parse(rest.receiver.arrivals.at(-1)!.body) as { data: unknown };

  it('sends that, and shows the bytes that were sent', async () => {
    const data = { order_id: 'o7', cents: 5 };
    const { status, body } = await as().post(`/${id}/test`, { eventType: 'order.paid', data });

    expect(status).toBe(200);
    expect(sent().data).toEqual(data);
    expect(body.requestBody).toBe(rest.receiver.arrivals.at(-1)!.body);
  });

  it('leaves out what the payload class does not name, as emit does', async () => {
    const data = { order_id: 'o7', cents: 5, internal: true };
    const { body } = await as().post(`/${id}/test`, { eventType: 'order.paid', data });
    expect(sent().data).toEqual({ order_id: 'o7', cents: 5 });
    expect(body.requestBody).not.toContain('internal');
  });

  it.each<[string, string, object, string[]]>([
    ['its payload class', 'order.paid', { cents: 0 }, ['data.cents', 'data.order_id']],
    [
      'its JSON Schema',
      'order.shipped',
      { carrier: 'post', weight: 0, items: [{ sku: 'A' }, { sku: 'b' }, {}], extra: 1 },
      ['data.carrier', 'data.extra', 'data.items[1].sku', 'data.items[2].sku', 'data.weight'],
    ],
    ['its JSON Schema, by what is missing', 'order.shipped', { items: [] }, ['data.carrier', 'data.items']],
    ['JSON that receivers take', 'order.noted', { a: { constructor: { prototype: 1 } } }, ['data.a']],
    ['the size of a body', 'order.noted', { text: 'x'.repeat(2_000) }, ['data']],
  ])('is a 400 that names the fields where the data breaks %s', async (_, eventType, data, fields) => {
    const before = await dump(rest.dataSource);
    for (const [path, more] of [
      [`/${id}/test`, {}],
      ['/test', { url: rest.receiver.url }],
    ] as const) {
      const answer = await as().post(path, { ...more, eventType, data });
      expect([answer.status, answer.body.code]).toEqual([400, 'webhooks/invalid-input']);
      expect(wrongFields(answer).toSorted()).toEqual(fields);
      for (const { field, message } of answer.body.details) expect(message.startsWith(field)).toBe(true);
    }
    expect(await dump(rest.dataSource)).toBe(before);
  });

  describe('of an endpoint that is not created', () => {
    const draft = (more: object = {}): object => ({
      url: `${rest.receiver.url}/draft`,
      headers: { 'x-team': 'blue' },
      eventType: 'order.paid',
      ...more,
    });

    it('sends it, signed with a secret that the answer gives', async () => {
      rest.receiver.nextAnswers.push({ status: 202, body: 'Noted' });
      const { status, body } = await as().post('/test', draft());

      expect(status).toBe(200);
      expect(body).toEqual({
        eventId: expect.stringMatching(/^evt_/),
        secret: expect.stringMatching(/^whsec_/),
        url: `${rest.receiver.url}/draft`,
        requestBody: rest.receiver.arrivals.at(-1)!.body,
        outcome: 'succeeded',
        startedAt: new Date(rest.clock.now()).toISOString(),
        durationMs: expect.any(Number),
        statusCode: 202,
        error: null,
        requestHeaders: expect.objectContaining({ 'x-team': 'blue', 'webhook-id': body.eventId }),
        responseHeaders: expect.any(Object),
        responseBody: 'Noted',
      });
      const { body: text, headers } = rest.receiver.arrivals.at(-1)!;
      const now = rest.clock.now();
      expect(() => verifyWebhook(text, headers, body.secret, { now: () => now })).not.toThrow();
      const again = await as().post('/test', draft({ secret: body.secret }));
      expect(again.body.secret).toBe(body.secret);
    });

    it('stores the event alone: no endpoint, no delivery, no attempt', async () => {
      const { body } = await as().post('/test', draft());

      expect((await as().get('/')).body.data.map((endpoint: { id: string }) => endpoint.id)).toEqual([id]);
      expect((await as().get('/deliveries')).body.data).toEqual([]);
      const [event] = (await as().get('/events')).body.data;
      expect(event).toMatchObject({ id: body.eventId, test: true });
      const since = new Date(rest.clock.now() - 60_000).toISOString();
      rest.clock.advance('1m');
      expect((await as().get(`/${id}/recover?since=${since}`)).body.toCreate).toBe(0);
      await rest.after(86_400_000);
      expect(rest.receiver.arrivals.filter(({ body: text }) => text.includes(body.eventId))).toHaveLength(1);
    });

    it('sends what the endpoint would get: its form, its version, with its authorization', async () => {
      const template = { text: '{{data.order_id}} of {{event_type}}' };
      const authorization = { type: 'bearer', token: 'a-token-of-the-customer-7f3a9' };
      const { body } = await as().post('/test', draft({ representation: { template }, authorization }));

      const arrived = rest.receiver.arrivals.at(-1)!;
      expect(arrived.body).toBe('{"text":"o1 of order.paid"}');
      expect(body.requestBody).toBe(arrived.body);
      expect(arrived.headers.authorization).toBe(`Bearer ${authorization.token}`);
      expect(body.requestHeaders.authorization).toBe('(hidden)');
      expect(JSON.stringify(body)).not.toContain(authorization.token);
      const signature = createHmac('sha256', body.secret).update(arrived.body).digest('hex');
      expect(arrived.headers['x-webhook-signature']).toBe(signature);
      await as().post('/test', draft({ representation: 'cloudevents-binary' }));
      expect(rest.receiver.arrivals.at(-1)!.headers['ce-type']).toBe('order.paid');
      expect(await dump(rest.dataSource)).not.toContain(authorization.token);
    });

    it.each<[object, string]>([
      [{ representation: { template: { text: '{{data.nothing}}' } } }, 'representation.template.text'],
      [{ representation: 'unknown' }, 'representation'],
      [{ version: '2026-01-01' }, 'version'],
      [{ authorization: { type: 'bearer', token: '' } }, 'authorization.token'],
      [{ clientCertificate: { certificate: 'x', key: 'y' } }, 'clientCertificate.certificate'],
      [{ secret: 'a-secret-of-the-customers-own-choice' }, 'secret'],
      [{ url: 'ftp://example.com/' }, 'url'],
      [{ url: 'http://metadata.google.internal/' }, 'url'],
      [{ headers: { host: 'example.com' } }, 'headers.host'],
      [{ headers: { 'webhook-id': 'x' } }, 'headers.webhook-id'],
      [{ eventType: 'order.unknown' }, 'eventType'],
      [{ secret: 'short' }, 'secret'],
      [{ name: 'CRM' }, 'name'],
    ])('takes what a created one takes, and no more: %j', async (wrong, field) => {
      const arrivals = rest.receiver.arrivals.length;
      const answer = await as().post('/test', draft(wrong));
      expect([answer.status, ...wrongFields(answer)]).toEqual([400, field]);
      expect(rest.receiver.arrivals.length).toBe(arrivals);
    });

    it('tells why nothing came back', async () => {
      const { body } = await as().post('/test', draft({ url: 'http://nobody.invalid/' }));
      expect(body).toMatchObject({
        outcome: 'failed',
        statusCode: null,
        error: { code: 'dns' },
        responseBody: null,
      });
    });
  });

  it('goes to no private address where none is allowed', async () => {
    const strict = await restApp({ webhooks: { events: EVENTS, network: { allowHttp: true } } });
    const answer = await strict
      .as('acme')
      .post('/test', { url: strict.receiver.url, eventType: 'order.paid' });
    expect([answer.status, ...wrongFields(answer)]).toEqual([400, 'url']);
    expect(strict.receiver.arrivals).toHaveLength(0);
    await strict.stop();
  });
});
