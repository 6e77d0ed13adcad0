import { fieldProblem, type AnyCoded } from './field-problems.js';
import { GROUPS, OPERATORS, type WebhookFilter } from './endpoint-filter.js';
import { quoted } from './shown-text.js';
import type { WebhookFieldProblem } from './webhooks.error.js';

/** The largest length of the filter's JSON text. */
export const MAX_FILTER_CHARACTERS = 8_192;
/** How deep groups may be nested, counting the outermost. */
export const MAX_FILTER_DEPTH = 5;
export const MAX_FILTER_CONDITIONS = 50;
/**
 * How many `contains` a filter may have. One takes up to 5 ms in a hostile body of 256 KiB: its cost is the product of
 * both lengths.
 */
export const MAX_SEARCHES = 10;
const MAX_SEARCHED = 100;
const MAX_VALUES = 100;
const MAX_FIELD_CHARACTERS = 256;
const MAX_FIELD_NAMES = 20;
const MAX_SHOWN = 64;

const KEYS: readonly string[] = [...GROUPS, ...OPERATORS];
const KINDS = "Write one of 'all', 'any' and 'not', or a field with an operator";
const EXAMPLE = `{ "field": "data.total", "gte": 100 }`;

/** Lists what is wrong with a filter: each problem with its place, what was received, and what to do. */
export function filterProblems(filter: unknown): WebhookFieldProblem[] {
  const rules = new FilterRules();
  rules.check(filter, 'filter', 1);
  if (rules.problems.length > 0) return rules.problems;
  const { length } = JSON.stringify(filter);
  if (length <= MAX_FILTER_CHARACTERS) return [];
  const message = `filter must have at most ${MAX_FILTER_CHARACTERS} characters as JSON, got ${length}. Use fewer or shorter values.`;
  return [fieldProblem('filter', message, 'too-long', { most: MAX_FILTER_CHARACTERS })];
}

/**
 * A filter as it is stored; `null` for none. Others can write rows, so a value that is no filter excludes nothing: one
 * event too many does less harm than one that never arrives.
 */
export const usableFilter = (stored: unknown): WebhookFilter | null =>
  stored === null || filterProblems(stored).length > 0 ? null : (stored as WebhookFilter);

class FilterRules {
  readonly problems: WebhookFieldProblem[] = [];
  private conditions = 0;
  private searches = 0;

  check(node: unknown, place: string, depth: number): void {
    if (!isObject(node))
      return this.fail(
        place,
        `must be an object such as ${EXAMPLE}, got ${shown(node)}.`,
        'filter-condition',
      );
    const names = Object.keys(node).filter((name) => name !== 'field');
    const unknown = names.find((name) => !KEYS.includes(name));
    if (unknown !== undefined) {
      const operators = KEYS.join(', ');
      const problem = `has ${quoted(unknown)}, which is no operator. Operators: ${operators}.`;
      return this.fail(place, problem, 'filter-operator', { operators });
    }
    const [name, ...others] = names;
    if (name === undefined)
      return this.fail(place, `has no operator. ${KINDS}, such as ${EXAMPLE}.`, 'filter-one-operator');
    if (others.length > 0) {
      return this.fail(
        place,
        `must have one operator, got ${names.join(' and ')}. Write a condition for each, and put them into 'all'.`,
        'filter-one-operator',
      );
    }
    const isGroup = (GROUPS as readonly string[]).includes(name);
    if (isGroup && 'field' in node)
      return this.fail(
        place,
        `can't have field beside ${name}. Write field with an operator inside of it.`,
        'filter-group-field',
      );
    if (isGroup) this.checkGroup(name, node[name], place, depth);
    else this.checkCondition(name, node, place);
  }

  private checkGroup(name: string, given: unknown, place: string, depth: number): void {
    const inside = `${place}.${name}`;
    if (depth > MAX_FILTER_DEPTH) {
      return this.fail(
        place,
        `is too deep: there can be ${MAX_FILTER_DEPTH} groups within each other. Use fewer.`,
        'filter-too-deep',
        { most: MAX_FILTER_DEPTH },
      );
    }
    if (name === 'not') return this.check(given, inside, depth + 1);
    if (!Array.isArray(given) || given.length === 0)
      return this.fail(
        inside,
        `must be a list of one condition or more, got ${shown(given)}.`,
        'filter-empty-group',
      );
    for (const [index, part] of given.entries()) {
      // Stop: further problems would be as many as the caller likes.
      if (this.conditions > MAX_FILTER_CONDITIONS) return;
      this.check(part, `${inside}[${index}]`, depth + 1);
    }
  }

  private checkCondition(name: string, node: Readonly<Record<string, unknown>>, place: string): void {
    this.conditions++;
    if (this.conditions > MAX_FILTER_CONDITIONS) {
      if (this.conditions === MAX_FILTER_CONDITIONS + 1)
        this.fail(
          'filter',
          `has more than ${MAX_FILTER_CONDITIONS} conditions. Use 'in' for several values of one field.`,
          'filter-too-many-conditions',
          { most: MAX_FILTER_CONDITIONS },
        );
      return;
    }
    if (name === 'contains') this.searches++;
    if (name === 'contains' && this.searches === MAX_SEARCHES + 1)
      this.fail(
        'filter',
        `has 'contains' more than ${MAX_SEARCHES} times. Use 'equals', 'in' or 'startsWith'.`,
        'filter-too-many-searches',
        { most: MAX_SEARCHES },
      );
    const problem = pathProblem(node.field);
    if (problem) this.fail(`${place}.field`, problem, 'filter-field');
    const given = node[name];
    const { accepts, wanted } = OPERANDS[name]!;
    const wrong = name === 'in' && Array.isArray(given) ? given.findIndex((value) => !isScalar(value)) : -1;
    if (wrong >= 0)
      this.fail(
        `${place}.in[${wrong}]`,
        `must be ${SCALAR.wanted}, got ${shown((given as unknown[])[wrong])}.`,
        'filter-value',
        { operator: name },
      );
    else if (!accepts(given)) {
      const text = `must be ${wanted}, got ${shown(given)}.`;
      this.fail(`${place}.${name}`, text, 'filter-value', { operator: name });
    }
  }

  private fail(field: string, problem: string, ...coded: AnyCoded): void {
    this.problems.push(fieldProblem(field, `${field} ${problem}`, ...coded));
  }
}

function pathProblem(field: unknown): string | undefined {
  if (typeof field !== 'string') return `must be a text such as "data.total", got ${shown(field)}.`;
  if (field.length > MAX_FIELD_CHARACTERS)
    return `must have at most ${MAX_FIELD_CHARACTERS} characters, got ${field.length}.`;
  const [first, ...names] = field.split('.');
  if (names.length > MAX_FIELD_NAMES)
    return `must name at most ${MAX_FIELD_NAMES} fields within each other, got ${names.length}.`;
  if (field === 'event_type') return undefined;
  if (first !== 'data') {
    return `must be event_type, or a field of data such as ${quoted(`data.${field}`)}, got ${quoted(field)}.`;
  }
  return names.includes('') ? `has an empty name between its dots, got ${quoted(field)}.` : undefined;
}

interface Operand {
  readonly accepts: (value: unknown) => boolean;
  readonly wanted: string;
}

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

const SCALAR: Operand = { accepts: isScalar, wanted: 'a text, a number, true, false or null' };
const TEXT: Operand = { accepts: isText, wanted: 'a text of one character or more' };
const ORDERED: Operand = {
  accepts: (value) => isText(value) || Number.isFinite(value),
  wanted: 'a number, or a text such as an ISO 8601 time',
};

const OPERANDS: Readonly<Record<string, Operand>> = {
  equals: SCALAR,
  in: {
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.length <= MAX_VALUES,
    wanted: `a list of 1 to ${MAX_VALUES} values`,
  },
  exists: { accepts: (value) => typeof value === 'boolean', wanted: 'true or false' },
  startsWith: TEXT,
  contains: {
    accepts: (value) =>
      isScalar(value) && (typeof value !== 'string' || (value.length > 0 && value.length <= MAX_SEARCHED)),
    wanted: `a text of 1 to ${MAX_SEARCHED} characters, or, of a list, a number, true, false or null`,
  },
  gt: ORDERED,
  gte: ORDERED,
  lt: ORDERED,
  lte: ORDERED,
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  return value.length <= MAX_SHOWN ? quoted(value) : `a text of ${value.length} characters`;
}
