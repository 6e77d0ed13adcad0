import type { CanActivate } from '@nestjs/common';
import { IsArray, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { OpenAPIClientAxios, type Document } from 'openapi-client-axios';
import { afterEach, describe, expect, it } from 'vitest';
import { ADAPTERS, restApp, ROUTES, type RestAnswer, type RestApp } from '../support/rest-app.js';
import {
  asyncApiProblems,
  openApiProblems,
  schemaProblems,
  validatorOf,
  type Json,
} from '../support/document-validators.js';
import { BODIES, BODY_FIELDS, QUERY_FIELDS, routeIds } from '../support/route-matrix.js';

class DenyAll implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

class Sku {
  @IsString()
  sku!: string;

  @IsOptional()
  @IsInt()
  count?: number;
}

class OrderPaid {
  @IsIn(['EUR', 'USD'])
  currency!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Sku)
  lines!: Sku[];
}

/** Of each kind that a catalogue can have. */
const CATALOGUE: NonNullable<WebhooksModuleOptions['events']> = {
  'order.paid': {
    group: 'Orders',
    description: 'An order was paid.',
    payload: OrderPaid,
    example: { currency: 'EUR', lines: [{ sku: 'a-1', count: 2 }] },
  },
  'order.refunded': { group: 'Orders', payload: OrderPaid },
  'tree.grown': {
    schema: {
      $schema: 'http://json-schema.org/draft-04/schema#',
      id: 'https://example.com/tree',
      type: 'object',
      properties: {
        height: { type: 'number', minimum: 0, exclusiveMinimum: true },
        label: { type: 'string', nullable: true, example: 'Oak' },
        parent: { $ref: '#' },
        leaf: { $ref: '#/definitions/Leaf' },
        lost: { $ref: '#/definitions/Nothing' },
        pair: { items: [{ type: 'string' }, { type: 'integer' }] },
        nullable: { type: 'boolean' },
      },
      definitions: { Leaf: { type: 'object', properties: { next: { $ref: '#/definitions/Leaf' } } } },
    },
    example: { height: 2, label: null, pair: ['a', 1], parent: { height: 1 } },
  },
  'thing.happened': {},
};

const placeOf = (route: string): [string, string] => {
  const [verb, path] = route.split(' ') as [string, string];
  return [verb.toLowerCase(), `/webhooks${path.replace(/^\/$/, '')}`.replaceAll(/:(\w+)/g, '{$1}')];
};

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: { name: string; in: string; required: boolean; description?: string }[];
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
  responses: Json;
}

interface OpenApi {
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Operation & { requestBody: { content: Record<string, Json> } } }>;
  components: { schemas: Record<string, Json> };
  tags: { name: string }[];
}

describe.each(ADAPTERS)('The documents, on %s', (adapter) => {
  let rest: RestApp | undefined;
  afterEach(async () => {
    await rest?.stop();
    rest = undefined;
  });

  const start = async (webhooks: Partial<WebhooksModuleOptions> = {}): Promise<void> => {
    rest = await restApp({ adapter, webhooks });
  };
  const get = (path: string, account?: string): Promise<RestAnswer> =>
    rest!.call('GET', `/api/webhooks/${path}`, { headers: account ? { 'x-account': account } : {} });
  const openApi = async (): Promise<OpenApi & Json> =>
    (await get('openapi.json', 'acme')).body as OpenApi & Json;

  it('are valid, with a catalogue of every kind', async () => {
    await start({ events: CATALOGUE });

    const document = await openApi();
    const asyncApi = (await get('asyncapi.json', 'acme')).body as Json;
    // Asked before any is checked: that takes so long that the server closes idle connections meanwhile.
    const alone = new Map<string, Json>();
    for (const type of Object.keys(CATALOGUE)) {
      alone.set(type, (await get(`event-types/${type}/schema.json`, 'acme')).body as Json);
    }

    expect(await openApiProblems(document)).toEqual([]);
    expect(asyncApiProblems(asyncApi)).toEqual([]);
    const { schemas } = asyncApi.components as { schemas: Record<string, Json> };
    expect(schemaProblems(Object.values(schemas), asyncApi)).toEqual([]);
    expect(schemaProblems([...alone.values()])).toEqual([]);
    for (const [type, schema] of alone) {
      const { example } = CATALOGUE[type]!;
      const inOpenApi = document.webhooks[type]!.post.requestBody.content['application/json']!;
      expect([type, 'examples' in schema, 'example' in inOpenApi]).toEqual([type, !!example, !!example]);
      if (!example) continue;
      expect(validatorOf(schema)((schema.examples as unknown[])[0])).toEqual([]);
      expect(validatorOf(inOpenApi.schema as Json, document)(inOpenApi.example)).toEqual([]);
    }
  });

  it('describe every route, each with its own name, and every field', async () => {
    await start();

    const { paths, components } = await openApi();

    const described = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb} ${path}`),
    );
    expect(described.sort()).toEqual(ROUTES.map((route) => placeOf(route).join(' ')).sort());
    const operations = Object.values(paths).flatMap((verbs) => Object.values(verbs));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
    for (const { operationId, summary, parameters } of operations) {
      expect([operationId, summary]).toEqual([expect.stringMatching(/Webhook/), expect.stringMatching(/\S/)]);
      for (const { name, description } of parameters)
        expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)]);
    }
    for (const [name, schema] of Object.entries(components.schemas)) {
      for (const [field, rules] of Object.entries((schema.properties ?? {}) as Record<string, Json>)) {
        if (!/^(Post|Follower)/.test(name) && !('$ref' in rules)) {
          expect(rules, `${name}.${field}`).toHaveProperty('description');
        }
      }
    }
  });

  it('name what each route reads, and nothing else', async () => {
    await start();

    const { paths, components } = await openApi();

    for (const route of ROUTES) {
      const [verb, path] = placeOf(route);
      const { parameters, requestBody } = paths[path]![verb]!;
      const query = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
      expect([route, query.sort()]).toEqual([route, [...(QUERY_FIELDS[route] ?? [])].sort()]);
      const schema = requestBody?.content['application/json']!.schema.$ref.split('/').at(-1);
      const fields = schema ? Object.keys(components.schemas[schema]!.properties as object) : [];
      expect([route, fields.sort()]).toEqual([route, [...(BODY_FIELDS[route] ?? [])].sort()]);
    }
  });

  it('let a client that is made from them call every route', async () => {
    await start();
    const ids = await routeIds(rest!, 'acme');
    const { port } = rest!.app.getHttpServer().address() as { port: number };
    const document = await openApi();
    const definition = {
      ...document,
      servers: document.servers.map(({ url }) => ({ url: `http://127.0.0.1:${port}${url}` })),
    } as unknown as Document;
    const client = await new OpenAPIClientAxios({
      definition,
      axiosConfigDefaults: { headers: { 'x-account': 'acme' }, validateStatus: () => true },
    }).init();

    const statuses: Record<string, number> = {};
    const last = 'DELETE /:id';
    for (const route of [...ROUTES.filter((one) => one !== last), last]) {
      const [verb, path] = placeOf(route);
      const { operationId, parameters } = document.paths[path]![verb]!;
      const given = parameters.flatMap(({ name, in: place, required }) => {
        if (place === 'path') return [[name, ids[`:${name}`]]];
        return required ? [[name, name === 'ids' ? ids[':id'] : '2025-01-01']] : [];
      });
      const answer = await client[operationId]!(Object.fromEntries(given), BODIES[route]);
      statuses[route] = answer.status;
    }

    expect(Object.keys(statuses)).toHaveLength(ROUTES.length);
    expect(Object.entries(statuses).filter(([, status]) => status >= 300)).toEqual([]);
  });

  it('describe the requests that customers receive', async () => {
    await start({ signature: { header: 'x-acme-signature' } });
    const id = await rest!.endpoint('acme');
    await rest!.as('acme').post(`/${id}/test`, { eventType: 'post.published' });
    const [arrival] = rest!.receiver.arrivals;
    const document = await openApi();
    const { parameters, requestBody } = document.webhooks['post.published']!.post;
    const asyncApi = (await get('asyncapi.json', 'acme')).body as Json & {
      components: { messages: Record<string, { headers: Json; payload: Json }> };
    };
    const { headers, payload } = asyncApi.components.messages.PostPublished!;

    const body = JSON.parse(arrival!.body.toString()) as Json;
    expect(validatorOf(requestBody.content['application/json']!.schema as Json, document)(body)).toEqual([]);
    expect(validatorOf(payload, asyncApi)(body)).toEqual([]);
    expect(validatorOf(payload, asyncApi)({ ...body, event_type: 'post.created' })).not.toEqual([]);
    expect(
      validatorOf((await get('event-types/post.published/schema.json', 'acme')).body as Json)(body),
    ).toEqual([]);
    expect(validatorOf(headers, asyncApi)(arrival!.headers)).toEqual([]);
    expect(parameters.map(({ name }) => name)).toContain('x-acme-signature');
    for (const { name, schema } of parameters as unknown as { name: string; schema: Json }[]) {
      expect([name, validatorOf(schema)(arrival!.headers[name])]).toEqual([name, []]);
    }
  });

  it('are below the prefix, the version and the parameters of the app', async () => {
    await start({
      api: {
        path: 'accounts/:account/webhooks',
        version: '2',
        guards: [
          class {
            canActivate = () => true;
          },
        ],
        tenant: ({ params }: { params: { account: string } }) => params.account,
      },
    });
    const at = '/api/v2/accounts/acme/webhooks';

    const { body } = await rest!.call('GET', `${at}/openapi.json?x=1`);

    const { servers, paths } = body as OpenApi;
    expect(servers).toEqual([{ url: '/api/v2' }]);
    const path = '/accounts/{account}/webhooks/settings';
    expect(paths[path]!.get!.parameters).toMatchObject([{ name: 'account', in: 'path' }]);
    expect((await rest!.call('GET', servers[0]!.url + path.replace('{account}', 'acme'))).status).toBe(200);
  });

  it('have the names, tags, servers and security of the app', async () => {
    await start({
      guide: { product: 'Acme' },
      documents: {
        version: '3.1',
        servers: [{ url: 'https://api.acme.example' }],
        security: { bearer: { type: 'http', scheme: 'bearer' } },
        tags: ['Notifications'],
        rename: (name, of) => (of === 'schema' ? `Acme.${name}` : name.replace('Webhook', 'Hook')),
      },
    });

    const document = await openApi();

    expect(await openApiProblems(document)).toEqual([]);
    expect(document).toMatchObject({
      info: { title: 'Acme Webhooks', version: '3.1' },
      servers: [{ url: 'https://api.acme.example' }],
      security: [{ bearer: [] }],
      tags: [{ name: 'Notifications' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    });
    const operations = Object.values(document.paths).flatMap((verbs) => Object.values(verbs));
    expect(new Set(operations.flatMap(({ tags }) => tags))).toEqual(new Set(['Notifications']));
    expect(operations.map(({ operationId }) => operationId)).toContain('createHookEndpoint');
    expect(Object.keys(document.components.schemas).filter((name) => !name.startsWith('Acme.'))).toEqual([]);
    expect(asyncApiProblems((await get('asyncapi.json', 'acme')).body as Json)).toEqual([]);
  });

  it('are for whoever reads the guide, unless the app says otherwise', async () => {
    const paths = ['openapi.json', 'asyncapi.json', 'event-types/post.created/schema.json'];
    const statuses = async (account?: string): Promise<number[]> =>
      Promise.all(paths.map(async (path) => (await get(path, account)).status));
    const all = (status: number): number[] => paths.map(() => status);

    await start();
    expect([await statuses(), await statuses('acme')]).toEqual([all(401), all(200)]);
    await rest!.stop();

    await start({ guide: { public: true } });
    expect(await statuses()).toEqual(all(200));
    await rest!.stop();

    await start({ guide: { public: true }, documents: { guards: [DenyAll] } });
    expect(await statuses('acme')).toEqual(all(403));
    await rest!.stop();

    await start({ documents: { public: true } });
    expect([await statuses(), (await get('guide')).status]).toEqual([all(200), 401]);
    await rest!.stop();

    await start({ documents: false });
    expect(await statuses('acme')).toEqual(all(404));
  });

  it('have no schema of a type that is not in the catalogue', async () => {
    await start();

    const { status, body } = await get('event-types/post.gone/schema.json', 'acme');

    expect([status, body]).toEqual([
      404,
      { statusCode: 404, code: 'webhooks/not-found', message: 'There is no event type "post.gone".' },
    ]);
  });
});

describe('The option documents', () => {
  const start = (documents: unknown): Promise<RestApp> =>
    restApp({ webhooks: { documents: documents as WebhooksModuleOptions['documents'] } });

  it.each([
    [true, 'documents'],
    [{ title: '' }, 'documents.title'],
    [{ version: 2 }, 'documents.version'],
    [{ servers: ['https://example.com'] }, 'documents.servers'],
    [{ security: { bearer: 'bearer' } }, 'documents.security'],
    [{ tags: [] }, 'documents.tags'],
    [{ rename: {} }, 'documents.rename'],
    [{ public: 'yes' }, 'documents.public'],
    [{ public: true, guards: [DenyAll] }, 'documents.public'],
    [{ guards: [] }, 'documents.guards'],
    [{ guards: ['x'] }, 'documents.guards[0]'],
    [{ titel: 'x' }, 'documents.titel'],
  ])('%j stops the start', async (documents, option) => {
    await expect(start(documents).then(() => 'started')).rejects.toMatchObject({
      code: 'webhooks/invalid-option',
      option,
    });
  });

  it.each([
    [() => 'Same', 'documents.rename'],
    [() => 'with space', 'documents.rename'],
    [(async () => Promise.reject(new Error('x'))) as never, 'documents.rename'],
  ])('a rename that gives no names of their own stops the start', async (rename, option) => {
    await expect(start({ rename }).then(() => 'started')).rejects.toMatchObject({ option });
  });
});
