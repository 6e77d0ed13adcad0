/** What a condition compares a field with. */
type Scalar = string | number | boolean | null;
type Ordered = string | number;

/** One field of the body, and one operator. */
type FieldCondition = Readonly<{ field: string }> &
  Readonly<
    | { equals: Scalar }
    | { in: readonly Scalar[] }
    | { exists: boolean }
    | { startsWith: string }
    | { contains: Scalar }
    | { gt: Ordered }
    | { gte: Ordered }
    | { lt: Ordered }
    | { lte: Ordered }
  >;

/**
 * Conditions on the fields of a body: which events of its types an endpoint gets. Plain JSON, such as `{ all: [{ field:
 * 'data.platform', equals: 'instagram' }, { field: 'data.total', gte: 100 }] }`.
 */
export type WebhookFilter =
  | FieldCondition
  | Readonly<{ all: readonly WebhookFilter[] }>
  | Readonly<{ any: readonly WebhookFilter[] }>
  | Readonly<{ not: WebhookFilter }>;

/** The body that a filter is tried on. */
export interface FilteredBody {
  readonly event_type: string;
  readonly data: unknown;
  /**
   * How many characters and list elements `contains` has searched so far, over all filters that were tried on this
   * body.
   */
  searched?: number;
}

/**
 * Limits the searches of all filters in one body. A search costs up to 25 ns per character of a hostile text, and
 * thousands of filters may search one body. Beyond the limit, a filter that needs another search counts as matching:
 * one event too many does less harm than one that never arrives.
 */
export const MAX_SEARCHED_IN_ALL = 4_194_304;

export type FilterTest = (body: FilteredBody) => boolean;

export const GROUPS = ['all', 'any', 'not'] as const;
export const OPERATORS = [
  'equals',
  'in',
  'exists',
  'startsWith',
  'contains',
  'gt',
  'gte',
  'lt',
  'lte',
] as const;
type Operator = (typeof OPERATORS)[number];

type Node = Readonly<Record<string, unknown>>;

/** @param filter without problems, as `filterProblems` finds them */
export function compiledFilter(filter: WebhookFilter): FilterTest {
  const test = compiledNode(filter);
  return (body) => {
    const before = body.searched;
    return test(body) || (isSpent(body) && body.searched !== before);
  };
}

const isSpent = ({ searched = 0 }: FilteredBody): boolean => searched > MAX_SEARCHED_IN_ALL;

function compiledNode(filter: WebhookFilter): FilterTest {
  const node: Node = filter;
  if ('all' in node) return every(compiledList(node.all));
  if ('any' in node) {
    const tests = compiledList(node.any);
    return (body) => tests.some((test) => test(body));
  }
  if ('not' in node) {
    const test = compiledNode(node.not as WebhookFilter);
    return (body) => !test(body);
  }
  const path = (node.field as string).split('.');
  const operator = OPERATORS.find((name) => name in node)!;
  const holds = TESTS[operator](node[operator] as never);
  return (body) => holds(valueAt(body, path), body);
}

/**
 * The part of a filter that excludes a body: the first condition of `all` that does not hold, otherwise the filter
 * itself. `null` if the filter matches.
 */
export function keepingOut(filter: WebhookFilter, body: FilteredBody): WebhookFilter | null {
  if (compiledFilter(filter)(body)) return null;
  if (!('all' in filter)) return filter;
  for (const part of filter.all) {
    const found = keepingOut(part, body);
    if (found) return found;
  }
  return filter;
}

/** @param body as an endpoint receives it */
export function filteredBody(body: string): FilteredBody {
  const { event_type, data } = JSON.parse(body) as FilteredBody;
  return { event_type, data };
}

const compiledList = (filters: unknown): FilterTest[] => (filters as WebhookFilter[]).map(compiledNode);

const every =
  (tests: readonly FilterTest[]): FilterTest =>
  (body) =>
    tests.every((test) => test(body));

const INDEX = /^\d+$/;

/** `undefined` if there is no such field: no JSON value is `undefined`. */
function valueAt(body: unknown, path: readonly string[]): unknown {
  let value = body;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    // The length of a list is no field.
    if (Array.isArray(value) && !INDEX.test(name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

type Holds = (value: unknown, body: FilteredBody) => boolean;

const TESTS: { readonly [Name in Operator]: (operand: never) => Holds } = {
  equals: (operand: Scalar) => (value) => value === operand,
  in: (operand: readonly Scalar[]) => {
    const values = new Set<unknown>(operand);
    return (value) => values.has(value);
  },
  exists: (operand: boolean) => (value) => (value !== undefined) === operand,
  startsWith: (operand: string) => (value) => typeof value === 'string' && value.startsWith(operand),
  contains: (operand: Scalar) => (value, body) => {
    const isSearched = Array.isArray(value) || (typeof value === 'string' && typeof operand === 'string');
    if (!isSearched) return false;
    body.searched = (body.searched ?? 0) + value.length;
    return !isSpent(body) && value.includes(operand as string);
  },
  gt: ordered((value, operand) => value > operand),
  gte: ordered((value, operand) => value >= operand),
  lt: ordered((value, operand) => value < operand),
  lte: ordered((value, operand) => value <= operand),
};

/**
 * Compares numbers with numbers and texts with texts, which orders ISO 8601 times of one zone. Never compares a number
 * with a text.
 */
function ordered(compare: (value: Ordered, operand: Ordered) => boolean): (operand: Ordered) => Holds {
  return (operand) => (value) => typeof value === typeof operand && compare(value as Ordered, operand);
}
