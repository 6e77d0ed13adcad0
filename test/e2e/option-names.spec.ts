import { Injectable } from '@nestjs/common';
import { EmitsWebhook, InvalidWebhooksOptionError, WebhookEvent, WebhooksModule } from 'nestjs-webhooks';
import { IsString } from 'class-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareApp, PLAIN_WEBHOOKS, typeOrm } from '../support/bare-app.js';
import { createDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

class Payload {
  @IsString() id!: string;
}

const failureOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('It was accepted.');
};
const start = async (module: ReturnType<typeof WebhooksModule.forRoot>): Promise<void> => {
  const { app } = await bareApp({ imports: [typeOrm(await createDatabase('sqlite')), module] });
  await app.close();
};
const withEntry = (entry: object): object => ({ ...PLAIN_WEBHOOKS, events: { 'post.created': entry } });

describe('forRoot', () => {
  it.each([
    ['retension', { ...PLAIN_WEBHOOKS, retension: '90d' }, 'Did you mean retention?'],
    [
      'delivery.pollIntervall',
      { ...PLAIN_WEBHOOKS, delivery: { pollIntervall: '1s' } },
      'mean pollInterval?',
    ],
    [
      'delivery.endpointconcurrency',
      { ...PLAIN_WEBHOOKS, delivery: { endpointconcurrency: 5 } },
      'mean endpointConcurrency?',
    ],
    ['network.allowHTTP', { ...PLAIN_WEBHOOKS, network: { allowHTTP: true } }, 'Did you mean allowHttp?'],
    [
      'signature.secret',
      { ...PLAIN_WEBHOOKS, signature: { secret: 'x' } },
      "There are 'header', 'rotation', 'overlap', 'schemes', 'keys', 'ownSecrets'.",
    ],
    ['encryption.key', { ...PLAIN_WEBHOOKS, encryption: { key: ['x'] } }, 'Did you mean keys?'],
    ['limits.bodybytes', { ...PLAIN_WEBHOOKS, limits: { bodybytes: 1 } }, 'Did you mean bodyBytes?'],
    ['retry.shedule', { ...PLAIN_WEBHOOKS, retry: { shedule: ['5m'] } }, 'Did you mean schedule?'],
    ['delivery', { ...PLAIN_WEBHOOKS, delivery: '15s' }, 'must be an object, got string.'],
    ['api.tenat', { ...PLAIN_WEBHOOKS, api: { public: true, tenat: () => 'acme' } }, 'Did you mean tenant?'],
    ['api.tenant', { ...PLAIN_WEBHOOKS, api: { public: true, tenant: 'acme' } }, 'must be a function'],
    ['api.guards', { ...PLAIN_WEBHOOKS, api: { guards: class Guard {} } }, 'must be a list'],
    [
      'api.public',
      { ...PLAIN_WEBHOOKS, api: { guards: [class Guard {}], public: 'false' } },
      'true or false',
    ],
    [
      'transaction.factory',
      { ...PLAIN_WEBHOOKS, transaction: { useFactory: () => () => undefined, factory: 1 } },
      'is no option',
    ],
    ['worker', { ...PLAIN_WEBHOOKS, worker: 'false' }, 'must be true or false, got "false"'],
    ['imports', { ...PLAIN_WEBHOOKS, imports: class Module {} }, 'must be a list'],
    ['dataSource', { ...PLAIN_WEBHOOKS, dataSource: {} }, 'must be the name'],
    ['redisPrefix', { ...PLAIN_WEBHOOKS, redisPrefix: '{acme}' }, "without queue: 'bull'"],
    ["events['post.created'].playload", withEntry({ playload: Payload }), 'Did you mean payload?'],
    [
      "events['post.created'].on.tenat",
      withEntry({ on: { on: 'post.made', tenat: 'acme' } }),
      'mean tenant?',
    ],
    [
      "events['post.created'].on.when",
      withEntry({ on: [{ on: 'post.made', when: true }] }),
      'must be a function, got boolean',
    ],
    [
      "events['post.created'].on.data",
      withEntry({ on: { on: 'post.made', data: {} } }),
      'must be a function, got object',
    ],
    ["events['post.created'].on.tenant", withEntry({ on: { on: 'post.made', tenant: 5 } }), 'got number'],
    [
      "events['post.created'].on.on",
      withEntry({ on: { data: () => ({}) } }),
      'must be a name, got undefined',
    ],
    ["events['post.created'].extraFields", withEntry({ extraFields: 'refuse' }), 'give a payload class'],
    ["events['post.created']", withEntry(null as never), 'must be an object, got null'],
  ])('refuses %s, and says what is right', async (option, options, says) => {
    const error = await failureOf(() => start(WebhooksModule.forRoot(options as never)));

    expect(error).toMatchObject({ code: 'webhooks/invalid-option', option });
    expect((error as Error).message).toContain(says);
  });
});

describe('forRootAsync', () => {
  const structure = { events: { 'post.created': {} }, api: false } as const;
  const from = (values: object): object => ({ ...structure, useFactory: () => values });
  it.each([
    ['usefactory', { ...structure, usefactory: () => ({}) }, 'Did you mean useFactory?'],
    ['retention', { ...structure, retention: '90d', useFactory: () => ({}) }, 'give it from useFactory'],
    ['api', from({ api: { public: true } }), 'write it beside useFactory'],
    ['retension', from({ retension: '90d' }), 'Did you mean retention?'],
    ['delivery.timeOut', from({ delivery: { timeOut: '5s' } }), 'Did you mean timeout?'],
  ])('refuses %s, and says where or how it is right', async (option, options, says) => {
    const error = await failureOf(() => start(WebhooksModule.forRootAsync(options as never)));

    expect(error).toMatchObject({ code: 'webhooks/invalid-option', option });
    expect((error as Error).message).toContain(says);
  });
});

it('forFeature refuses another name than events', () => {
  const options = { events: {}, event: {} };
  expect(() => WebhooksModule.forFeature(options)).toThrow(InvalidWebhooksOptionError);
  expect(() => WebhooksModule.forFeature(options)).toThrow('Did you mean events?');
});

describe('@EmitsWebhook', () => {
  it.each([
    [{ idempotencykey: 'x' }, 'idempotencykey is no option. Did you mean idempotencyKey?'],
    [{ tenat: 'acme' }, 'Did you mean tenant?'],
    [{ on: 'post.made' }, 'on is no option.'],
    [{ when: 'always' }, "@EmitsWebhook('post.created').when must be a function, got string."],
    [{ data: { id: 1 } }, 'data must be a function, got object.'],
    [{ manager: {} }, 'manager must be a function'],
    [{ tenant: null }, 'tenant must be a text, or a function that gives it, got null.'],
    [null, 'must be an object, got null.'],
  ])('on a method refuses %j', (options, says) => {
    const declare = (): unknown => {
      @Injectable()
      class Posts {
        @EmitsWebhook('post.created', options as never)
        async create(): Promise<object> {
          return {};
        }
      }
      return Posts;
    };
    expect(declare).toThrow(InvalidWebhooksOptionError);
    expect(declare).toThrow(says);
  });

  it.each([
    [{ on: 'post.made', type: 'post.created', tenat: 'acme' }, 'Did you mean tenant?'],
    [{ on: 'post.made' }, 'type must be a name, got undefined'],
    [{ type: 'post.created' }, 'on must be a name, got undefined'],
  ])('on a class refuses %j', (mapping, says) => {
    expect(() => EmitsWebhook(mapping as never)).toThrow(says);
  });
});

describe('A call of the service', () => {
  let t: SendingApp;
  let id: string;
  beforeAll(async () => {
    t = await sendingApp();
    ({ id } = await t.endpoint());
  });
  afterAll(() => t.stop());

  it.each([
    [{ tenant: 'acme', idempotencykey: 'x' }, 'idempotencykey', 'Did you mean idempotencyKey?'],
    [{ tenat: 'acme' }, 'tenat', 'Did you mean tenant?'],
    [{ tenant: 'acme', delay: '5m' }, 'delay', 'is no option'],
    [null, 'options', 'got null'],
    ['acme', 'options', 'got string'],
  ])('emit refuses %j, and stores nothing', async (options, option, says) => {
    const error = await failureOf(() => t.webhooks.emit('post.created', {}, options as never));

    expect(error).toMatchObject({ code: 'webhooks/invalid-emit-option', option });
    expect((error as Error).message).toContain(says);
    expect(await t.dataSource.manager.count(WebhookEvent)).toBe(0);
  });

  it('deliverDue, create and update refuse names that they do not know', async () => {
    const { endpoints } = t.webhooks;
    await expect(t.webhooks.deliverDue({ timeOut: '5s' } as never)).rejects.toThrow('Did you mean timeout?');
    const given = { name: 'x', url: 'https://example.com', events: ['*'], ratelimit: 5 };
    await expect(endpoints.create('acme', given)).rejects.toMatchObject({
      details: [{ field: 'ratelimit' }],
    });
    await expect(endpoints.update('acme', id, { enabled: false } as never)).rejects.toThrow(
      "'enabled' is no option",
    );
  });
});
