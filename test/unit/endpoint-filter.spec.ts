import { describe, expect, it } from 'vitest';
import {
  MAX_SEARCHED_IN_ALL,
  compiledFilter,
  filteredBody,
  keepingOut,
  type WebhookFilter,
} from '../../lib/domain/endpoint-filter.js';
import {
  MAX_FILTER_CHARACTERS,
  MAX_FILTER_CONDITIONS,
  MAX_FILTER_DEPTH,
  filterProblems,
} from '../../lib/domain/filter-rules.js';

const BODY = {
  event_type: 'post.published',
  data: {
    platform: 'instagram',
    total: 120,
    price: '19.90',
    draft: false,
    parent: null,
    empty: '',
    tags: ['spring', 'sale', 7, null],
    items: [{ sku: 'A' }, { sku: 'B' }],
    author: { name: 'Ada', 'e.mail': 'ada@example.com' },
    published_at: '2026-03-01T10:00:00Z',
  },
};

const field = (name: string, rest: object): WebhookFilter => ({ field: name, ...rest }) as WebhookFilter;
const PLATFORM = field('data.platform', { equals: 'instagram' });
const LARGE = field('data.total', { gte: 1_000 });

const HOLD: [string, object][] = [
  ['data.platform', { equals: 'instagram' }],
  ['event_type', { startsWith: 'post.' }],
  ['data.total', { equals: 120 }],
  ['data.draft', { equals: false }],
  ['data.parent', { equals: null }],
  ['data.empty', { equals: '' }],
  ['data.author.name', { equals: 'Ada' }],
  ['data.items.1.sku', { equals: 'B' }],
  ['data.platform', { in: ['facebook', 'instagram'] }],
  ['data.parent', { in: [1, null] }],
  ['data.parent', { exists: true }],
  ['data.nothing', { exists: false }],
  ['data.items.2', { exists: false }],
  ['data', { exists: true }],
  ['data.platform', { startsWith: 'insta' }],
  ['data.platform', { contains: 'stag' }],
  ['data.tags', { contains: 'sale' }],
  ['data.tags', { contains: 7 }],
  ['data.tags', { contains: null }],
  ['data.total', { gt: 119 }],
  ['data.total', { gte: 120 }],
  ['data.total', { lt: 120.5 }],
  ['data.total', { lte: 120 }],
  ['data.published_at', { gte: '2026-01-01' }],
  ['data.published_at', { lt: '2026-03-02' }],
];

const FAIL: [string, object][] = [
  ['data.platform', { equals: 'Instagram' }],
  ['data.nothing', { equals: null }],
  ['data.total', { equals: '120' }],
  ['data.draft', { equals: 0 }],
  ['data.draft', { equals: null }],
  ['data.items.0', { equals: 'A' }],
  ['data.nothing', { in: [null, ''] }],
  ['data.parent', { exists: false }],
  ['data.tags.length', { exists: true }],
  ['data.platform.length', { exists: true }],
  ['data.author.constructor', { exists: true }],
  ['data.author.__proto__', { exists: true }],
  ['data.author.e.mail', { exists: true }],
  ['data.total', { startsWith: '1' }],
  ['data.total', { contains: '2' }],
  ['data.tags', { contains: 'sal' }],
  ['data.author', { contains: 'name' }],
  ['data.price', { gt: 1 }],
  ['data.total', { gt: '1' }],
  ['data.parent', { lte: 0 }],
  ['data.draft', { lt: 1 }],
  ['data.nothing', { lt: 1 }],
];

describe('A filter', () => {
  it.each(HOLD)('lets through where %s %j', (name, rest) => {
    const filter = field(name, rest);
    expect(filterProblems(filter)).toEqual([]);
    expect(compiledFilter(filter)(BODY)).toBe(true);
    expect(compiledFilter({ not: filter })(BODY)).toBe(false);
    expect(keepingOut(filter, BODY)).toBeNull();
  });

  it.each(FAIL)('keeps out where %s %j', (name, rest) => {
    const filter = field(name, rest);
    expect(filterProblems(filter)).toEqual([]);
    expect(compiledFilter(filter)(BODY)).toBe(false);
    expect(compiledFilter({ not: filter })(BODY)).toBe(true);
    expect(keepingOut(filter, BODY)).toEqual(filter);
  });

  it.each([
    { filter: { all: [PLATFORM, LARGE] }, holds: false, because: LARGE },
    { filter: { all: [PLATFORM, { all: [{ not: PLATFORM }] }] }, holds: false, because: { not: PLATFORM } },
    { filter: { any: [LARGE, PLATFORM] }, holds: true, because: null },
    { filter: { any: [LARGE, { not: PLATFORM }] }, holds: false, because: 'itself' },
    {
      filter: { not: { any: [LARGE, field('data.nothing', { exists: true })] } },
      holds: true,
      because: null,
    },
  ] as { filter: WebhookFilter; holds: boolean; because: unknown }[])(
    'says of %j whether it holds, and what does not',
    ({ filter, holds, because }) => {
      expect(compiledFilter(filter)(BODY)).toBe(holds);
      expect(keepingOut(filter, BODY)).toEqual(because === 'itself' ? filter : because);
    },
  );

  it('holds of no body whose data is no object, but where it asks for what is not there', () => {
    for (const data of [null, 'text', 7, undefined, ['list']]) {
      const body = { event_type: 'post.published', data };
      expect(compiledFilter(PLATFORM)(body)).toBe(false);
      expect(compiledFilter(field('data.platform', { exists: false }))(body)).toBe(true);
    }
  });
});

describe('All filters of one body', () => {
  const LENGTH = 250_000;
  const SEARCHES = Math.floor(MAX_SEARCHED_IN_ALL / LENGTH);
  const body = (data: unknown) => filteredBody(JSON.stringify({ event_type: 'post.published', data }));
  const absent = (index: number): WebhookFilter => field('data.long', { contains: `${index}b` });

  it.each([
    ['text', 'a'.repeat(LENGTH)],
    ['list', Array(LENGTH).fill(1)],
  ])('search so much of a %s and no more: those that would search further let it through', (_, long) => {
    const searched = body({ long, platform: 'tiktok' });
    const allowed = Array.from({ length: SEARCHES + 5 }, (_each, index) =>
      compiledFilter(absent(index))(searched),
    );

    expect(allowed).toEqual([...Array<boolean>(SEARCHES).fill(false), ...Array<boolean>(5).fill(true)]);
    expect(compiledFilter({ not: absent(0) })(searched)).toBe(true);
    expect(compiledFilter({ not: { not: absent(0) } })(searched)).toBe(true);
    // What needs no search is judged as ever.
    expect(compiledFilter(PLATFORM)(searched)).toBe(false);
    expect(compiledFilter({ all: [PLATFORM, absent(0)] })(searched)).toBe(false);
    expect(compiledFilter(absent(0))(body({ long }))).toBe(false);
  });
});

const deep = (groups: number): unknown => (groups === 0 ? PLATFORM : { not: deep(groups - 1) });
const many = (count: number): unknown => ({ any: Array.from({ length: count }, () => PLATFORM) });
const searching = (count: number): unknown => ({
  any: Array.from({ length: count }, () => field('data.a', { contains: 'x' })),
});
const wide = (characters: number): unknown => field('data.a', { equals: 'x'.repeat(characters) });

const REFUSED: [filter: unknown, place?: string, says?: string][] = [
  ['a text', 'filter', `must be an object such as { "field": "data.total", "gte": 100 }, got 'a text'.`],
  [[PLATFORM], 'filter', 'got a list of 1.'],
  [7, 'filter', 'got 7.'],
  [{}, 'filter', "has no operator. Write one of 'all', 'any' and 'not'"],
  [{ field: 'data.a' }, 'filter', 'has no operator.'],
  [{ field: 'data.a', matches: '.*' }, 'filter', "has 'matches', which is no operator. Operators: all, any,"],
  [
    { field: 'data.a', gt: 1, lt: 5 },
    'filter',
    'must have one operator, got gt and lt. Write a condition for each',
  ],
  [{ all: [PLATFORM], any: [PLATFORM] }, 'filter', 'must have one operator, got all and any.'],
  [{ field: 'data.a', not: PLATFORM }, 'filter', "can't have field beside not."],
  [{ all: [] }, 'filter.all', 'must be a list of one condition or more, got a list of 0.'],
  [{ any: PLATFORM }, 'filter.any', 'must be a list of one condition or more, got an object.'],
  [{ all: [PLATFORM, { not: null }] }, 'filter.all[1].not', 'must be an object such as'],
  [{ equals: 1 }, 'filter.field', 'must be a text such as "data.total", got nothing.'],
  [{ field: 7, equals: 1 }, 'filter.field', 'got 7.'],
  [
    { field: 'platform', equals: 1 },
    'filter.field',
    "a field of data such as 'data.platform', got 'platform'.",
  ],
  [{ field: 'data..a', equals: 1 }, 'filter.field', "has an empty name between its dots, got 'data..a'."],
  [{ field: 'data.', equals: 1 }, 'filter.field', 'has an empty name'],
  [
    { field: 'data.'.padEnd(300, 'x'), equals: 1 },
    'filter.field',
    'must have at most 256 characters, got 300.',
  ],
  [
    { field: `data${'.a'.repeat(21)}`, equals: 1 },
    'filter.field',
    'at most 20 fields within each other, got 21.',
  ],
  [
    { field: 'data.a', equals: {} },
    'filter.equals',
    'must be a text, a number, true, false or null, got an object.',
  ],
  [{ field: 'data.a', equals: undefined }, 'filter.equals', 'got nothing.'],
  [{ field: 'data.a', equals: Number.NaN }, 'filter.equals', 'got NaN.'],
  [{ field: 'data.a', in: 'x' }, 'filter.in', "must be a list of 1 to 100 values, got 'x'."],
  [{ field: 'data.a', in: [] }, 'filter.in', 'got a list of 0.'],
  [{ field: 'data.a', in: Array(101).fill(1) }, 'filter.in', 'got a list of 101.'],
  [{ field: 'data.a', in: ['x', ['y']] }, 'filter.in[1]', 'got a list of 1.'],
  [{ field: 'data.a', exists: 'yes' }, 'filter.exists', "must be true or false, got 'yes'."],
  [{ field: 'data.a', startsWith: '' }, 'filter.startsWith', 'must be a text of one character or more'],
  [{ field: 'data.a', contains: [] }, 'filter.contains', 'got a list of 0.'],
  [
    { field: 'data.a', contains: '' },
    'filter.contains',
    "must be a text of 1 to 100 characters, or, of a list, a number, true, false or null, got ''.",
  ],
  [{ field: 'data.a', contains: 'x'.repeat(101) }, 'filter.contains', 'got a text of 101 characters.'],
  [searching(10)],
  [searching(12), 'filter', "has 'contains' more than 10 times."],
  [
    { field: 'data.a', gte: true },
    'filter.gte',
    'must be a number, or a text such as an ISO 8601 time, got true.',
  ],
  [{ field: 'data.a', lt: 'x'.repeat(65) }],
  [{ field: 'data.a', exists: 'x'.repeat(65) }, 'filter.exists', 'got a text of 65 characters.'],
  [deep(MAX_FILTER_DEPTH)],
  [deep(MAX_FILTER_DEPTH + 1), 'filter.not.not.not.not.not', 'is too deep: there can be 5 groups'],
  [deep(5_000), 'filter.not.not.not.not.not', 'is too deep'],
  [many(MAX_FILTER_CONDITIONS)],
  [many(MAX_FILTER_CONDITIONS + 1), 'filter', `has more than ${MAX_FILTER_CONDITIONS} conditions.`],
  [many(100_000), 'filter', `has more than ${MAX_FILTER_CONDITIONS} conditions.`],
  [
    wide(MAX_FILTER_CHARACTERS),
    'filter',
    `must have at most ${MAX_FILTER_CHARACTERS} characters as JSON, got 8222.`,
  ],
];

const titled = ([filter, ...rest]: (typeof REFUSED)[number]): [title: string, unknown, string?, string?] => {
  const [, place = 'can be'] = [filter, ...rest];
  return [`${String(place)}: ${rest[1] ?? ''}`, filter, ...rest];
};

describe('A filter that can not be', () => {
  it.each(REFUSED.map(titled))('%s', (_, filter, place, says) => {
    const problems = filterProblems(filter);
    if (place === undefined) return expect(problems).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.field).toBe(place);
    expect(problems[0]!.message).toContain(`${place} `);
    expect(problems[0]!.message).toContain(says);
  });

  it('is told with all of its problems', () => {
    const filter = { all: [{ field: 'a', gt: true }, { field: 'data.b', like: 'x' }, PLATFORM, null] };
    expect(filterProblems(filter).map(({ field: place }) => place)).toEqual([
      'filter.all[0].field',
      'filter.all[0].gt',
      'filter.all[1]',
      'filter.all[3]',
    ]);
  });
});
