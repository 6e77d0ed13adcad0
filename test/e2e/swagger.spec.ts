import { Controller, Get, Module } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiProperty,
  ApiTags,
  DocumentBuilder,
  SwaggerModule,
  type OpenAPIObject,
} from '@nestjs/swagger';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { restApp, ROUTES, type RestApp } from '../support/rest-app.js';
import { openApiProblems, type Json } from '../support/document-validators.js';

class Post {
  @ApiProperty({ description: 'The id.' })
  id!: string;
}

/** Of the app: a name that one of ours has, too. */
@ApiTags('Posts')
@Controller('posts')
class EventsController {
  @ApiOkResponse({ type: Post })
  @Get()
  list(): Post {
    return { id: 'p1' };
  }
}

@Module({ controllers: [EventsController] })
class PostsModule {}

type Operations = Record<string, Record<string, Json & { tags: string[]; operationId: string }>>;

describe('The document that @nestjs/swagger makes of an app', () => {
  let rest: RestApp | undefined;
  afterEach(async () => {
    await rest?.stop();
    rest = undefined;
  });

  const documentOf = async (
    webhooks: Partial<WebhooksModuleOptions> = {},
    openapi = '3.1.0',
  ): Promise<OpenAPIObject> => {
    rest = await restApp({ webhooks, imports: [PostsModule] });
    const config = new DocumentBuilder()
      .setTitle('App')
      .setVersion('1')
      .setOpenAPIVersion(openapi)
      .addBearerAuth()
      .build();
    return SwaggerModule.createDocument(rest.app, config);
  };
  const ownDocument = async (): Promise<Json> =>
    (await rest!.call('GET', '/api/webhooks/openapi.json', { headers: { 'x-account': 'acme' } }))
      .body as Json;
  const seen = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
  const ours = (document: OpenAPIObject): [string, Operations[string]][] =>
    Object.entries(document.paths as unknown as Operations).filter(([path]) => path.includes('/webhooks'));

  it('has our routes and schemas as our own document has them', async () => {
    const document = await documentOf({
      documents: { security: { bearer: { type: 'http', scheme: 'bearer' } } },
    });
    const own = (await ownDocument()) as Json & {
      paths: Operations;
      components: { schemas: Record<string, Json> };
    };

    expect(await openApiProblems(seen(document) as Json)).toEqual([]);
    const paths = Object.fromEntries(
      ours(document).map(([path, verbs]) => [path.replace('/api', ''), seen(verbs)]),
    );
    expect(Object.keys(paths).sort()).toEqual(Object.keys(own.paths).sort());
    for (const [path, verbs] of Object.entries(own.paths)) {
      for (const [verb, operation] of Object.entries(verbs)) {
        const found = (paths[path] as Operations[string])[verb];
        expect(inOneOrder(found), `${verb} ${path}`).toEqual(
          inOneOrder({ ...operation, security: [{ bearer: [] }] }),
        );
      }
    }
    const schemas = seen(document.components!.schemas) as Record<string, Json>;
    for (const [name, schema] of Object.entries(own.components.schemas)) {
      // What customers receive stands in ours alone.
      if (!/^(Post|Follower)/.test(name)) expect(inOneOrder(schemas[name]), name).toEqual(inOneOrder(schema));
    }
    expect(schemas.Post).toMatchObject({ properties: { id: { description: 'The id.' } } });
  });

  it('is valid in 3.0, with nullable fields', async () => {
    const document = await documentOf({}, '3.0.0');

    expect(await openApiProblems(seen(document) as Json)).toEqual([]);
    expect(document.components!.schemas!.WebhookEndpoint).toMatchObject({
      required: expect.arrayContaining(['id', 'description']),
      properties: {
        description: { type: 'string', nullable: true },
        disabledReason: { type: 'string', nullable: true, enum: ['failing', 'gone', 'operator', null] },
      },
    });
    expect(JSON.stringify(document)).not.toContain('"null"');
  });

  it('has neither the pages beside the routes, nor two operations of one name', async () => {
    const document = await documentOf();

    const paths = Object.keys(document.paths);
    expect(paths.filter((path) => /dashboard|guide|\.json/.test(path))).toEqual([]);
    const ids = Object.values(document.paths as unknown as Operations).flatMap((verbs) =>
      Object.values(verbs).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('EventsController_list');
  });

  it('has them under the tags and names of the app', async () => {
    const document = await documentOf({
      documents: { tags: ['Notifications'], rename: (name, of) => (of === 'schema' ? `Acme${name}` : name) },
    });

    const tags = ours(document).flatMap(([, verbs]) => Object.values(verbs).flatMap((one) => one.tags));
    expect(new Set(tags)).toEqual(new Set(['Notifications']));
    const names = Object.keys(document.components!.schemas!);
    expect(names.filter((name) => name.includes('Webhook') && !name.startsWith('Acme'))).toEqual([]);
    expect(await openApiProblems(seen(document) as Json)).toEqual([]);
  });

  it.each([{ swagger: false }, false] as const)('has none of them with documents: %j', async (documents) => {
    const document = await documentOf({ documents });

    expect(Object.keys(document.paths)).toEqual(['/api/posts']);
    expect(Object.keys(document.components!.schemas!)).toEqual(['Post']);
  });

  it('has each version of them, under a name of its own', async () => {
    const document = await documentOf({ api: { public: true, version: ['1', '2'] } });

    const ids = ours(document).flatMap(([, verbs]) =>
      Object.values(verbs).map(({ operationId }) => operationId),
    );
    expect(ids).toHaveLength(2 * ROUTES.length);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** Both write the same in orders of their own; 3.0, where it comes from, has no contentMediaType. */
function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => key !== 'contentMediaType')
    .map(([key, inner]): [string, unknown] => [key, inOneOrder(inner)]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
