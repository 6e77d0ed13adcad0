import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { webhookCatalogueBreaks } from 'nestjs-webhooks/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaBreaks } from '../../lib/catalogue/schema-breaks.js';
import { EventCatalogue } from '../../lib/config/event-catalogue.js';
import { checkCatalogue } from '../../lib/cli/check-catalogue.js';

type Schema = Readonly<Record<string, unknown>>;

const object = (
  properties: Schema,
  required: string[] = Object.keys(properties),
  more: Schema = {},
): Schema => ({
  type: 'object',
  properties,
  required,
  ...more,
});
const told = (before: Schema, now: Schema): string[] =>
  schemaBreaks(before, now).map(({ path, problem }) => `${path} ${problem}`);
const text = { type: 'string' };

describe('A schema breaks those who receive its data', () => {
  it.each<[string, Schema, Schema, string]>([
    ['a field goes', object({ url: text }), object({}), 'data.url is gone'],
    ['an optional field goes', object({ url: text }, []), object({}), 'data.url is gone'],
    [
      'a field becomes optional',
      object({ url: text }),
      object({ url: text }, []),
      'data.url may be missing now',
    ],
    [
      'a type changes',
      object({ total: { type: 'integer' } }),
      object({ total: { type: 'number' } }),
      'data.total was an integer, and is a number now',
    ],
    [
      'a type is added',
      object({ id: text }),
      object({ id: { type: ['string', 'integer'] } }),
      'data.id was a string, and is a string or an integer now',
    ],
    ['a type is told no more', object({ id: text }), object({ id: {} }), 'data.id is described no more'],
    [
      'null becomes a value',
      object({ id: text }),
      object({ id: { type: ['string', 'null'] } }),
      'data.id may be null now',
    ],
    [
      'null becomes a value, in the words of OpenAPI 3.0',
      object({ id: text }),
      object({ id: { ...text, nullable: true } }),
      'data.id may be null now',
    ],
    [
      'null becomes a value, as a variant',
      object({ id: text }),
      object({ id: { anyOf: [text, { type: 'null' }] } }),
      'data.id may be null now',
    ],
    [
      'an enum grows',
      object({ size: { enum: ['s', 'm'] } }),
      object({ size: { enum: ['s', 'm', 'l'] } }),
      'data.size may be l now, and was one of s, m',
    ],
    [
      'an enum goes',
      object({ size: { type: 'string', enum: ['s', 'm'] } }),
      object({ size: text }),
      'data.size may have any value now, and was one of s, m',
    ],
    [
      'a constant becomes another',
      object({ version: { const: 1 } }),
      object({ version: { const: 2 } }),
      'data.version may be 2 now, and was one of 1',
    ],
    [
      'a format goes',
      object({ at: { ...text, format: 'date-time' } }),
      object({ at: text }),
      'data.at had the format date-time, and has none now',
    ],
    [
      'a format changes',
      object({ at: { ...text, format: 'date-time' } }),
      object({ at: { ...text, format: 'date' } }),
      'data.at had the format date-time, and has date now',
    ],
    [
      'a pattern goes',
      object({ id: { ...text, pattern: '^a' } }),
      object({ id: text }),
      'data.id matched ^a, and need not now',
    ],
    [
      'a text may be longer',
      object({ name: { ...text, maxLength: 10 } }),
      object({ name: { ...text, maxLength: 20 } }),
      'data.name had the maxLength 10, and has 20 now',
    ],
    [
      'a number has no lower bound any more',
      object({ total: { type: 'integer', minimum: 0 } }),
      object({ total: { type: 'integer' } }),
      'data.total had the minimum 0, and has none now',
    ],
    [
      'a field of an object of an array goes',
      object({ lines: { type: 'array', items: object({ sku: text }) } }),
      object({ lines: { type: 'array', items: object({}) } }),
      'data.lines[].sku is gone',
    ],
    [
      'values of any name change',
      object({ counts: { type: 'object', additionalProperties: { type: 'integer' } } }),
      object({ counts: { type: 'object', additionalProperties: text } }),
      'data.counts.* was an integer, and is a string now',
    ],
    [
      'a field of a class that it refers to goes',
      object({ author: { $ref: '#/definitions/Author' } }, ['author'], {
        definitions: { Author: object({ name: text }) },
      }),
      object({ author: { $ref: '#/$defs/Author' } }, ['author'], { $defs: { Author: object({}) } }),
      'data.author.name is gone',
    ],
    [
      'a variant is added',
      object({ at: { anyOf: [{ ...text, format: 'date' }] } }),
      object({ at: { anyOf: [{ ...text, format: 'date' }, { type: 'integer' }] } }),
      'data.at was a string, and is an integer now',
    ],
  ])('where %s', (_, before, now, sentence) => {
    expect(told(before, now)).toEqual([sentence]);
    expect(told(before, before)).toEqual([]);
  });

  it.each<[string, Schema, Schema]>([
    ['a field is added', object({ url: text }), object({ url: text, title: text }, ['url'])],
    ['a field is always there now', object({ url: text }, []), object({ url: text })],
    ['null is no value any more', object({ id: { type: ['string', 'null'] } }), object({ id: text })],
    ['a number is whole now', object({ total: { type: 'number' } }), object({ total: { type: 'integer' } })],
    ['an enum shrinks', object({ size: { enum: ['s', 'm'] } }), object({ size: { enum: ['s'] } })],
    ['values are known now', object({ size: text }), object({ size: { ...text, enum: ['s'] } })],
    [
      'bounds are narrower',
      object({ a: { ...text, maxLength: 9 } }),
      object({ a: { ...text, maxLength: 8, minLength: 1 } }),
    ],
    ['what was not described is now', object({ data: {} }), object({ data: text })],
    [
      'a description changes',
      object({ a: { ...text, description: 'A' } }),
      object({ a: { ...text, description: 'B' } }),
    ],
    [
      'a variant goes',
      object({ at: { anyOf: [text, { type: 'integer' }] } }),
      object({ at: { anyOf: [{ type: 'integer' }] } }),
    ],
  ])('not where %s', (_, before, now) => {
    expect(told(before, now)).toEqual([]);
  });

  it('ends where a class refers to itself', () => {
    const tree = (leaf: Schema): Schema =>
      object({ next: { $ref: '#/definitions/Node' } }, [], {
        definitions: { Node: object({ leaf, next: { $ref: '#/definitions/Node' } }, []) },
      });

    expect(told(tree(text), tree({ type: 'integer' }))).toEqual([
      'data.next.leaf was a string, and is an integer now',
    ]);
  });
});

class Author {
  @IsString()
  name!: string;
}
class PostBefore {
  @IsString()
  post_id!: string;

  @IsIn(['draft', 'live'])
  state!: string;

  @ValidateNested()
  @Type(() => Author)
  author!: Author;
}
class PostNow {
  @IsInt()
  post_id!: number;

  @IsOptional()
  @IsIn(['draft', 'live'])
  state?: string;
}

describe('The check of a catalogue', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
    file = join(folder, 'webhooks.catalogue.json');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const check = async (...given: string[]): Promise<{ code: number; lines: string[] }> => {
    const lines: string[] = [];
    const code = await checkCatalogue.run(['--file', file, ...given], (line) => lines.push(line));
    return { code, lines };
  };
  const module = (name: string, source: string): string => {
    writeFileSync(join(folder, name), source);
    return join(folder, name);
  };
  const postSchema = (type: string): string =>
    `{ description: 'A post.', schema: { type: 'object', properties: { post_id: { type: '${type}' } }, required: ['post_id'] } }`;

  it('says each break of an app that gives its catalogue, with the path of the field', () => {
    const committed = { types: { 'post.published': { schema: {} }, 'post.gone': { schema: {} } } };
    writeFileSync(file, JSON.stringify(committed));
    expect(webhookCatalogueBreaks({ 'post.published': { payload: PostNow } }, file)).toEqual([
      'post.gone is gone.',
    ]);
    expect(() => webhookCatalogueBreaks({}, join(folder, 'none.json'))).toThrow('is not there yet');
  });

  it('writes what it compares with, and says by its exit code whether anything breaks', async () => {
    const before = module(
      'before.mjs',
      `export const events = { 'post.published': ${postSchema('string')} };`,
    );
    const now = module(
      'now.cjs',
      `module.exports = { options: { events: { 'post.published': ${postSchema('integer')}, 'post.new': {} } } };`,
    );

    await expect(check(before, '--file', join(folder, 'none.json'))).rejects.toThrow('Write it with --write');
    expect(await check(before, '--write')).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      types: { 'post.published': { description: 'A post.', schema: { required: ['post_id'] } } },
    });
    expect(await check(before)).toEqual({ code: 0, lines: ['Nothing breaks: 1 event types.'] });
    expect(await check(now, '--export', 'options')).toEqual({
      code: 1,
      lines: expect.arrayContaining(['  post.published: data.post_id was a string, and is an integer now.']),
    });
  });

  it('knows a class as an app that was written with it', async () => {
    const events = { 'post.published': { payload: PostBefore } };
    const { schema } = new EventCatalogue(events).descriptions[0]!;
    const answer = module('types.json', JSON.stringify({ data: [{ type: 'post.published', schema }] }));
    expect(await check(answer, '--write')).toMatchObject({ code: 0 });

    expect(webhookCatalogueBreaks(events, file)).toEqual([]);
    expect(webhookCatalogueBreaks({ 'post.published': { payload: PostNow } }, file)).toEqual([
      'post.published: data.post_id was a string, and is an integer now.',
      'post.published: data.state may be missing now.',
      'post.published: data.author is gone.',
    ]);
  });

  it('tells of additions, so that they are held to as well', async () => {
    const more = module('more.mjs', `export default { 'post.published': {}, 'post.created': {} };`);
    writeFileSync(file, JSON.stringify({ types: { 'post.published': { schema: {} } } }));

    expect(await check(more)).toEqual({
      code: 0,
      lines: ['Nothing breaks: 1 event types.', expect.stringContaining('has more than')],
    });
  });

  it.each([
    [[], 'Say which module'],
    [['a.js', 'b.js'], 'one argument too many'],
    [['a.js', '--colour'], "Unknown option '--colour'"],
    [['missing.js'], "can't be loaded"],
    [['missing.json'], "can't be read"],
  ])('says how it is called: %j', async (given, message) => {
    await expect(check(...given)).rejects.toThrow(message);
  });

  it('says which exports there are where it can not choose', async () => {
    const two = module('two.mjs', `export const a = { 'post.a': {} }; export const b = { 'post.b': {} };`);

    await expect(check(two)).rejects.toThrow('Say which with --export: a, b.');
    await expect(check(two, '--export', 'c')).rejects.toThrow('It exports a, b.');
    expect((await check(two, '--export', 'a', '--write')).code).toBe(0);
  });
});
