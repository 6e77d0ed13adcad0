import 'reflect-metadata';
import { createRequire } from 'node:module';
import { Exclude, Expose, Type } from 'class-transformer';
import { Allow, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import {
  EventCatalogue,
  InvalidWebhookPayloadError,
  UnknownWebhookEventTypeError,
} from '../../lib/config/event-catalogue.js';
import type { WebhookEventCatalogueOptions } from '../../lib/config/webhook-event-options.js';
import { InvalidWebhooksOptionError } from '../../lib/domain/webhooks.error.js';

class MediaSize {
  @IsInt()
  width!: number;
}

class PostMedia {
  @IsString()
  url!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => MediaSize)
  size?: MediaSize;
}

class PostPublished {
  @IsString()
  post_id!: string;

  @IsOptional()
  @IsInt()
  views?: number;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => PostMedia)
  media?: PostMedia[];
}

/** As an app with two versions of it has: it keeps its metadata for itself. */
const OtherCopy = otherCopyOf('class-transformer') as { Type: typeof Type };

function otherCopyOf(name: string): unknown {
  const require = createRequire(import.meta.url);
  const cached = Object.keys(require.cache).filter((path) => path.includes(`/${name}/`));
  const saved = cached.map((path) => [path, require.cache[path]] as const);
  for (const path of cached) delete require.cache[path];
  const copy: unknown = require(name);
  for (const [path, module] of saved) require.cache[path] = module;
  return copy;
}

const EXAMPLE = { post_id: 'post_1', media: [{ url: 'https://example.com/1.png' }] };
const catalogue = new EventCatalogue({
  'post.published': {
    description: 'A post went live.',
    group: 'Content',
    payload: PostPublished,
    example: EXAMPLE,
    on: ['post.live', { on: 'post.scheduled.live', tenant: 'acme' }],
  },
  'post.deleted': {},
  'report.generated': { schema: { type: 'object' }, on: 'report.done' },
});

const startingWith = (events: unknown) => (): EventCatalogue =>
  new EventCatalogue(events as WebhookEventCatalogueOptions);

describe('the event catalogue', () => {
  it('describes each type, in the order that the app gave', () => {
    const [published, deleted, generated] = catalogue.descriptions;
    expect(published).toMatchObject({
      type: 'post.published',
      group: 'Content',
      description: 'A post went live.',
      example: EXAMPLE,
    });
    expect(deleted).toEqual({
      type: 'post.deleted',
      group: 'post',
      description: '',
      schema: {},
      example: {},
    });
    expect(generated).toMatchObject({
      type: 'report.generated',
      group: 'report',
      schema: { type: 'object' },
    });
  });

  it('makes the JSON Schema from the payload class', () => {
    expect(catalogue.descriptions[0]!.schema).toMatchObject({
      title: 'PostPublished',
      type: 'object',
      required: ['post_id'],
      properties: { post_id: { type: 'string' }, views: { type: 'integer' }, media: { type: 'array' } },
    });
  });

  it('has the classes within a payload class in its schema, and no others', () => {
    const { properties, definitions } = catalogue.descriptions[0]!.schema as {
      properties: Record<string, unknown>;
      definitions: Record<string, unknown>;
    };
    expect(properties.media).toEqual({ type: 'array', items: { $ref: '#/definitions/PostMedia' } });
    expect(definitions).toEqual({
      PostMedia: {
        type: 'object',
        properties: { url: { type: 'string' }, size: { $ref: '#/definitions/MediaSize' } },
        required: ['url'],
      },
      MediaSize: { type: 'object', properties: { width: { type: 'integer' } }, required: ['width'] },
    });
  });

  it.each(['post.published', 'post.deleted', 'post.*', 'report.*', '*'])(
    'knows the pattern %s',
    (pattern) => {
      expect(catalogue.hasPattern(pattern)).toBe(true);
    },
  );

  it.each(['post.updated', 'platform.*', 'post', 'published.*', '', 'constructor', 'toString'])(
    'does not know the pattern %j',
    (pattern) => {
      expect(catalogue.hasPattern(pattern)).toBe(false);
      expect(catalogue.has(pattern)).toBe(false);
    },
  );

  it('lists the domain events that become a type', () => {
    expect(catalogue.mappings).toEqual([
      { on: 'post.live', type: 'post.published' },
      { on: 'post.scheduled.live', tenant: 'acme', type: 'post.published' },
      { on: 'report.done', type: 'report.generated' },
    ]);
  });

  it('takes a single mapping that is an object', () => {
    const { mappings } = new EventCatalogue({ 'a.b': { on: { on: 'a.happened', when: Boolean } } });
    expect(mappings).toEqual([{ on: 'a.happened', when: Boolean, type: 'a.b' }]);
  });

  it('gives the example of a type, and an empty one where the app gave none', () => {
    expect(catalogue.exampleOf('post.published')).toBe(EXAMPLE);
    expect(catalogue.exampleOf('post.deleted')).toEqual({});
  });

  it.each(['post.updated', 'toString', '__proto__', ''])('throws for the unknown type %j', async (type) => {
    expect(() => catalogue.exampleOf(type)).toThrow(UnknownWebhookEventTypeError);
    await expect(catalogue.check(type, '{}')).rejects.toMatchObject({
      code: 'webhooks/unknown-event-type',
      eventType: type,
    });
  });
});

describe('the payload class', () => {
  it('gives what it names, and leaves out the rest, in nested classes too', async () => {
    const data = JSON.stringify(EXAMPLE);
    await expect(catalogue.check('post.published', data)).resolves.toBe(data);
    const more = {
      post_id: '1',
      passwordHash: 'x',
      media: [{ url: 'a', owner: 1, size: { width: 1, key: 2 } }],
    };
    await expect(catalogue.check('post.published', JSON.stringify(more))).resolves.toBe(
      '{"post_id":"1","media":[{"url":"a","size":{"width":1}}]}',
    );
  });

  it('refuses or sends what it does not name, where the app says so', async () => {
    const more = JSON.stringify({ post_id: '1', passwordHash: 'x', media: [{ url: 'a', owner: 1 }] });
    const refusing = new EventCatalogue({ 'a.b': { payload: PostPublished, extraFields: 'refuse' } });
    await expect(refusing.check('a.b', more)).rejects.toMatchObject({
      details: [{ field: 'passwordHash' }, { field: 'media[0].owner' }],
    });
    const sending = new EventCatalogue({ 'a.b': { payload: PostPublished, extraFields: 'send' } });
    await expect(sending.check('a.b', more)).resolves.toBe(more);
  });

  it('names fields as class-transformer does: renamed, excluded, inherited, told apart', async () => {
    class Cat {
      @IsString()
      meow!: string;
    }
    class Named {
      @IsString()
      inherited!: string;
    }
    class Payload extends Named {
      @IsString()
      @Expose({ name: 'post_id' })
      postId!: string;

      @IsOptional()
      @IsString()
      @Exclude()
      secret?: string;

      @Allow()
      constructor_?: unknown;

      @ValidateNested()
      @Type(() => Object, { discriminator: { property: 'kind', subTypes: [{ name: 'cat', value: Cat }] } })
      pet!: Cat;
    }
    const told = new EventCatalogue({ 'a.b': { payload: Payload } });
    const data = {
      inherited: 'a',
      post_id: '1',
      secret: 's',
      pet: { kind: 'cat', meow: 'm', age: 1 },
      constructor: 'x',
    };
    await expect(told.check('a.b', JSON.stringify(data))).resolves.toBe(
      '{"inherited":"a","post_id":"1","pet":{"kind":"cat","meow":"m"}}',
    );
  });

  it('refuses data with the path of each problem', async () => {
    const data = { views: 'many', media: [{ url: 'a' }, { url: 1 }] };
    const checked = catalogue.check('post.published', JSON.stringify(data));
    const error = await checked.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidWebhookPayloadError);
    const { details, eventType, message } = error as InvalidWebhookPayloadError;
    expect(eventType).toBe('post.published');
    expect(details.map(({ field }) => field)).toEqual(['post_id', 'views', 'media[1].url']);
    expect(message).toContain('media[1].url must be a string');
    expect(message).not.toContain('many');
  });

  it.each([null, 7, 'text', [], [EXAMPLE]])('refuses %j, which is no object', async (data) => {
    await expect(catalogue.check('post.published', JSON.stringify(data))).rejects.toMatchObject({
      code: 'webhooks/invalid-payload',
      details: [{ field: '', message: 'must be an object', code: 'not-object' }],
    });
  });
});

describe('a catalogue that can not work', () => {
  it('is one with no types', () => {
    expect(startingWith({})).toThrow('events must name at least one event type.');
  });

  it.each(['post', 'Post.published', 'post.*', '*', 'post published', ''])(
    'is one with the type %j',
    (type) => {
      expect(startingWith({ [type]: {} })).toThrow(InvalidWebhooksOptionError);
      expect(startingWith({ [type]: {} })).toThrow(`events['${type}'] is not an event type`);
    },
  );

  it('is one with an example that breaks its payload class', () => {
    const events = { 'post.published': { payload: PostPublished, example: { post_id: 1 } } };
    expect(startingWith(events)).toThrow(
      "events['post.published'].example breaks its payload class PostPublished: post_id must be a string",
    );
  });

  it('is one with an example that has more than its payload class, or can not be sent', () => {
    const events = { 'a.b': { payload: PostPublished, example: { post_id: '1', more: 1 } } };
    expect(startingWith(events)).toThrow('more is not in the payload class');
    expect(startingWith({ 'a.b': { example: { at: new Map() } } })).toThrow(
      "events['a.b'].example can't be sent",
    );
  });

  class Bare {
    post_id?: string;
  }
  class Untyped {
    @ValidateNested()
    media?: PostMedia;
  }
  class OtherType {
    @ValidateNested()
    @OtherCopy.Type(() => PostMedia)
    media?: PostMedia;
  }
  class OfBare {
    @ValidateNested()
    @Type(() => Bare)
    bare?: Bare;
  }
  class Unvalidated {
    @IsOptional()
    @Type(() => PostMedia)
    media?: PostMedia;
  }
  class Deep {
    @ValidateNested({ each: true })
    @Type(() => Untyped)
    list?: Untyped[];
  }

  it.each([
    [Bare, 'is the class Bare, which has no decorator'],
    [Untyped, 'has Untyped.media with @ValidateNested(), but without a @Type'],
    [OtherType, 'has OtherType.media with @ValidateNested(), but without a @Type'],
    [OfBare, 'is the class Bare, which has no decorator'],
    [Unvalidated, 'has Unvalidated.media with @Type(() => PostMedia), but without @ValidateNested()'],
    [Deep, 'has Untyped.media with @ValidateNested(), but without a @Type'],
    [{ post_id: 'string' }, 'must be a class, got object.'],
    [null, 'must be a class, got null.'],
  ])('is one with a payload class that would not be checked as it reads (%#)', (payload, says) => {
    expect(startingWith({ 'a.b': { payload } })).toThrow(InvalidWebhooksOptionError);
    expect(startingWith({ 'a.b': { payload } })).toThrow(`events['a.b'].payload ${says}`);
  });

  it('is one with extraFields that are no choice', () => {
    expect(startingWith({ 'a.b': { extraFields: 'drop' } })).toThrow(
      "extraFields must be 'omit', 'refuse' or 'send'",
    );
  });
});
