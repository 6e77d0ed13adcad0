import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { InvalidWebhookDataError, isoSeconds, serialiseBody } from '../../lib/domain/json-body.js';

const CREATED_AT = Date.parse('2023-05-15T14:22:30.987Z');
const bodyOf = (data: unknown): string =>
  serialiseBody({ id: 'evt_1', type: 'post.published', createdAt: CREATED_AT, data }).body;

function refusalOf(data: unknown): InvalidWebhookDataError {
  try {
    bodyOf(data);
  } catch (error) {
    if (error instanceof InvalidWebhookDataError) return error;
    throw error;
  }
  throw new Error('The data was accepted.');
}

/** Numbers from a seed, so that a failure can be seen again (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LEAVES = [null, true, '', 'é', '\ud800', '😀', '\0', '\u2028', 0, -0, 1e21, 5e-324, 0.1, undefined];
const KEYS = [
  'a',
  '1',
  '0',
  '-1',
  '1.5',
  '__proto__',
  '',
  'constructor',
  'toJSON',
  '😀',
  '\udc00',
  '4294967295',
];

function randomData(random: () => number, depth: number): unknown {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const size = Math.floor(random() * 5);
  const kind = depth === 0 ? 1 : random();
  if (kind < 0.3) return Array.from({ length: size }, () => randomData(random, depth - 1) ?? null);
  if (kind > 0.7) return pick(LEAVES);
  const object = {};
  for (let index = 0; index < size; index++) {
    const property = { value: randomData(random, depth - 1), enumerable: true, configurable: true };
    // Defined, since assigning to __proto__ makes no property.
    Object.defineProperty(object, pick(KEYS), property);
  }
  return object;
}

const nested = (depth: number): unknown => {
  let value: unknown = 'end';
  for (let level = 0; level < depth; level++) value = level % 2 ? { a: value } : [value];
  return value;
};

describe('serialiseBody', () => {
  it('writes the envelope, with whole seconds', () => {
    expect(bodyOf({ post_id: '1' })).toBe(
      '{"id":"evt_1","event_type":"post.published","created_at":"2023-05-15T14:22:30Z","data":{"post_id":"1"}}',
    );
  });

  it('gives the data as the receiver will read it', () => {
    const { data } = serialiseBody({
      id: 'evt_1',
      type: 'a.b',
      createdAt: CREATED_AT,
      data: { at: new Date(0), none: undefined, money: { toJSON: () => '1.00' } },
    });
    expect(data).toBe('{"at":"1970-01-01T00:00:00.000Z","money":"1.00"}');
  });

  class Money {
    constructor(private readonly cents: number) {}
    toJSON(): object {
      return { 2: 'b', 1: 'a', amount: { toJSON: () => this.cents / 100 } };
    }
  }
  class Base {
    readonly id = 1;
  }
  class Order extends Base {
    readonly tags: string[] = [];
    note?: string;
    get [Symbol.toStringTag](): string {
      return 'Order';
    }
  }
  const shared = { n: 1 };
  const oddlyOrdered = new Proxy({ b: 1, 2: 2, 1: 3 }, { ownKeys: () => ['b', '2', '1'] });

  it.each([
    { title: 'null', data: null },
    { title: 'a text', data: 'text' },
    { title: 'a number', data: 7 },
    { title: 'a list', data: [1, 'a', null, [], {}] },
    {
      title: 'integer-like keys, which engines put first',
      data: { b: 1, 10: 1, 2: 1, a: 1, '-1': 1, '01': 1 },
    },
    { title: 'a Proxy that gives them last', data: oddlyOrdered },
    { title: 'nested toJSON', data: { price: new Money(1050) } },
    { title: 'dates', data: { at: new Date(CREATED_AT), list: [new Date(0)] } },
    { title: 'lone surrogates', data: { '\ud800': '\udfff', text: 'a\ud83d' } },
    { title: 'text that looks like an escaped one', data: { '\\ud800': '\\\\ud83d', '\\': '\\\ud83d' } },
    { title: 'emoji', data: { '👩‍👩‍👧': '👋🏽' } },
    { title: 'control characters and separators', data: '\0\b\t\n\u007f\u2028\u2029"\\/' },
    { title: 'minus zero', data: [-0, { n: -0 }] },
    {
      title: 'large, small and inexact numbers',
      data: [1e21, 1e-7, 123456789012345680000, 0.1 + 0.2, 5e-324],
    },
    {
      title: 'keys that mean something to JavaScript',
      data: { toJSON: 'x', constructor: 1, '': undefined, length: 3, prototype: {}, text: '__proto__' },
    },
    { title: 'properties that are undefined', data: { a: undefined, b: { c: undefined } } },
    { title: 'boxed values', data: [Object('a'), Object(1), Object(true)] },
    {
      title: 'a Buffer and a typed array',
      data: { buffer: Buffer.from('a'), bytes: new Uint8Array([1, 2]) },
    },
    { title: 'the same object twice', data: [shared, { shared }] },
    { title: 'no prototype', data: Object.assign(Object.create(null) as object, { a: 1 }) },
    { title: 'as many levels as every parser takes', data: nested(99) },
    { title: 'an object of another realm', data: runInNewContext('({ a: [{}] })') as unknown },
    { title: 'a class of the app, its own and its inherited properties', data: new Order() },
  ])('gives bytes that stay the same when parsed and written again: $title', ({ data }) => {
    const body = bodyOf(data);
    expect(JSON.stringify(JSON.parse(body))).toBe(body);
    // Twice, as a gateway before the receiver may.
    expect(JSON.stringify(JSON.parse(JSON.stringify(JSON.parse(body))))).toBe(body);
    expect(Buffer.from(body).toString()).toBe(body);
  });

  it('gives such bytes for whatever it accepts', () => {
    const random = randomFrom(20_230_515);
    let accepted = 0;
    for (let run = 0; run < 3_000; run++) {
      const data = randomData(random, 4);
      let body: string;
      try {
        body = bodyOf(data);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidWebhookDataError);
        continue;
      }
      accepted++;
      expect(JSON.stringify(JSON.parse(body))).toBe(body);
    }
    expect(accepted).toBeGreaterThan(2_000);
  });

  const OWN_PROTO = JSON.parse('{"b":{"__proto__":null}}') as unknown;
  const HALF_KEYS = { '\ud83d': 1, '\ud83e': 2 };
  const endless = (): unknown => ({ toJSON: () => ({ a: endless() }) });
  // `nested` alternates lists and objects, from the inside.
  const DEEPEST = `${'a[0].'.repeat(49)}a`;
  const DEEPEST_NEXT = Array.from({ length: 99 }, () => 'a').join('.');
  const cycle: Record<string, unknown> = { name: 'SENTINEL' };
  cycle.self = { cycle };

  it.each([
    { title: 'undefined', data: undefined, path: '', says: 'undefined' },
    { title: 'undefined in a list', data: { list: [1, undefined] }, path: 'list[1]', says: 'Use null' },
    {
      title: 'a hole in a list',
      data: { list: Object.assign([], { length: 1 }) },
      path: 'list[0]',
      says: 'Use null',
    },
    { title: 'a BigInt', data: { post: { views: 1n } }, path: 'post.views', says: 'BigInt' },
    { title: 'a boxed BigInt', data: { views: Object(1n) as unknown }, path: 'views', says: 'BigInt' },
    { title: 'NaN', data: { items: [{ price: NaN }] }, path: 'items[0].price', says: 'NaN' },
    { title: 'Infinity', data: [[-Infinity]], path: '[0][0]', says: '-Infinity' },
    { title: 'a function', data: { run: () => 1 }, path: 'run', says: 'function' },
    { title: 'a symbol', data: { id: Symbol('a') }, path: 'id', says: 'symbol' },
    { title: 'a boxed NaN', data: { n: [Object(NaN)] }, path: 'n[0]', says: 'NaN' },
    { title: 'a boxed symbol', data: { s: Object(Symbol('a')) as unknown }, path: 's', says: 'symbol' },
    { title: 'what a toJSON gives', data: { map: { toJSON: () => new Map() } }, path: 'map', says: 'Map' },
    {
      title: 'a Date of another realm that is invalid',
      data: { at: runInNewContext('new Date(NaN)') as unknown },
      path: 'at',
      says: 'invalid Date',
    },
    { title: '__proto__ as a key', data: OWN_PROTO, path: 'b', says: 'the key __proto__' },
    {
      title: 'constructor.prototype as a key',
      data: { a: [{ constructor: { prototype: {} } }] },
      path: 'a[0]',
      says: 'the key constructor.prototype',
    },
    {
      title: 'constructor.prototype that a toJSON gives',
      data: { a: { constructor: { toJSON: () => ({ prototype: 1 }) } } },
      path: 'a',
      says: 'the key constructor.prototype',
    },
    { title: 'keys that would become one', data: { a: HALF_KEYS }, path: 'a', says: "sent as '\ufffd'" },
    { title: 'more levels than some parser takes', data: nested(100), path: DEEPEST, says: '100 levels' },
    { title: 'a toJSON without an end', data: endless(), path: DEEPEST_NEXT, says: 'nested too deeply' },
    { title: 'a Map', data: { map: new Map([['a', 1]]) }, path: 'map', says: 'Map' },
    { title: 'a Set', data: new Set([1]), path: '', says: 'Set' },
    { title: 'a Promise', data: { post: Promise.resolve(1) }, path: 'post', says: 'Promise' },
    { title: 'an invalid Date', data: { at: new Date(NaN) }, path: 'at', says: 'invalid Date' },
    { title: 'a cycle', data: cycle, path: '', says: 'it is circular. Leave out' },
    {
      title: 'a toJSON that gives undefined',
      data: { toJSON: () => undefined },
      path: '',
      says: 'undefined',
    },
    {
      title: 'deeper nesting than the stack',
      data: nested(200_000),
      path: DEEPEST,
      says: 'nested too deeply',
    },
  ])('refuses $title', ({ data, path, says }) => {
    const error = refusalOf(data);
    expect(error).toMatchObject({ code: 'webhooks/invalid-data', eventType: 'post.published', path });
    expect(error.message).toContain(says);
    expect(error.message).not.toContain('SENTINEL');
  });

  class Sealed {
    readonly #cents = 1;
    get cents(): number {
      return this.#cents;
    }
  }
  class Failure extends Error {
    readonly status = 500;
  }

  const WITH_HIDDEN_CONTENT: readonly unknown[] = [
    new Error('a'),
    new AggregateError([]),
    Object.assign(new Error('a'), { status: 500 }),
    new Failure(),
    new DOMException('a'),
    /a/,
    'a'.match(/a/)!.input!.matchAll(/a/g),
    new WeakMap(),
    new WeakSet(),
    new WeakRef({}),
    Object.assign(new Map(), { note: 1 }),
    new (class extends Set {})(),
    new Proxy(new Map(), {}),
    runInNewContext('new Map()') as object,
    new ArrayBuffer(2),
    new SharedArrayBuffer(2),
    new DataView(new ArrayBuffer(2)),
    new Headers({ a: 'b' }),
    new URLSearchParams('a=b'),
    new FormData(),
    new Blob(['a']),
    new Response('a'),
    new AbortController().signal,
    new Intl.NumberFormat('en'),
    [1].values(),
    (function* () {
      yield 1;
    })(),
    new Sealed(),
    new Proxy(new Sealed(), {}),
    Object.create({ inherited: 1 }) as object,
    { [Symbol('a')]: 1 },
    Object.defineProperty({}, 'hidden', { value: 1 }),
    Math,
  ];

  it.each(WITH_HIDDEN_CONTENT.map((_, index) => index))(
    'refuses what keeps its content elsewhere than in properties (%i)',
    (index) => {
      const value = WITH_HIDDEN_CONTENT[index];
      expect(refusalOf({ list: [value] }).path).toBe('list[0]');
      expect(refusalOf(value).path).toBe('');
    },
  );

  it('sends U+FFFD for half of a surrogate pair, in values, keys, boxed texts and what a toJSON gives', () => {
    const half = 'ab😀'.slice(0, 3);
    const data = {
      [half]: half,
      list: [Object(half), { toJSON: () => `${half}😀` }],
      '\udc00\ud83d': '\\ud83d',
    };
    expect(JSON.parse(bodyOf(data))).toMatchObject({
      data: { 'ab\ufffd': 'ab\ufffd', list: ['ab\ufffd', 'ab\ufffd😀'], '\ufffd\ufffd': '\\ud83d' },
    });
    expect(bodyOf(data)).not.toMatch(/[^\\]\\ud/);
  });

  const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
  if (rawJSON) {
    it('settles what Node 21 and later write as it is', () => {
      const body = bodyOf({ n: rawJSON('1.0') });
      expect(JSON.stringify(JSON.parse(body))).toBe(body);
    });
  }

  it('refuses a toJSON or a getter that throws, and keeps the cause', () => {
    const cause = new Error('not loaded');
    const throwing = {
      get lazy(): never {
        throw cause;
      },
    };
    expect(refusalOf(throwing).cause).toBe(cause);
    expect(
      refusalOf({
        toJSON() {
          throw cause;
        },
      }).cause,
    ).toBe(cause);
  });

  it('leaves the data that it was given alone', () => {
    const data = Object.freeze({ at: new Date(0), list: Object.freeze([1]) });
    bodyOf(data);
    expect(data.at).toBeInstanceOf(Date);
  });
});

describe('isoSeconds', () => {
  it('cuts to whole seconds, and never rounds up', () => {
    expect(isoSeconds(Date.parse('2023-05-15T14:22:30.999Z'))).toBe('2023-05-15T14:22:30Z');
    expect(isoSeconds(0)).toBe('1970-01-01T00:00:00Z');
  });
});
