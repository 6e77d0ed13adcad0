import { type AnyCoded } from '../field-problems.js';
import { quoted, singleLine } from '../shown-text.js';
import { jsonBody, type RepresentedEvent, type Representation } from './represented.js';

/** Of the template's JSON. */
export const MAX_TEMPLATE_CHARACTERS = 16_384;
const MAX_DEPTH = 20;
const MAX_PLACEHOLDERS = 200;
const MAX_SEGMENTS = 20;

/** `{{data.post_id}}`, or `\{{`, which means two literal braces. */
const PLACEHOLDER = /\\\{\{|\{\{([^{}]*)\}\}/g;
const OPENING = '{{';
const SEGMENT = /^[^\s.{}[\]]{1,128}$/;

/** A path into an event, as names: `data`, `items`, `0`, `price`. */
export type TemplatePath = readonly string[];

/** Why a JSON value is no template. */
export interface TemplateProblem {
  /** Where in the template, such as `.blocks[0].text`. */
  readonly at: string;
  readonly problem: string;
  readonly coded: AnyCoded;
}

/** The event as a template sees it: with the names of the envelope. */
export const templateFields = ({ id, type, createdAt, data }: RepresentedEvent): object => ({
  id,
  event_type: type,
  created_at: createdAt,
  data,
});

/** A place of a template that reads a field of the event. */
export interface Placeholder {
  readonly at: string;
  /** The text of the placeholder. */
  readonly text: string;
  readonly path: TemplatePath;
}

/** Lists everything that is wrong with a template alone, and its placeholders. */
export function readTemplate(template: unknown): {
  problems: TemplateProblem[];
  placeholders: Placeholder[];
} {
  const problems: TemplateProblem[] = [];
  const placeholders: Placeholder[] = [];
  const note = (at: string, problem: string, ...coded: AnyCoded): void =>
    void problems.push({ at, problem, coded });
  const readText = (text: string, at: string): void => {
    const rest = text.replaceAll(PLACEHOLDER, (found, inner: string | undefined) => {
      const path = inner === undefined ? undefined : pathOf(inner);
      if (path) placeholders.push({ at, text: found, path });
      else if (inner !== undefined) {
        const problem = `has ${quoted(found)}, which is no path such as {{data.id}}.`;
        note(at, problem, 'template-placeholder', { placeholder: singleLine(found, 64) });
      }
      return '';
    });
    if (rest.includes(OPENING))
      note(
        at,
        'has {{ with no }} that closes it. For the braces themselves, write \\{{.',
        'template-unclosed',
      );
  };
  const read = (value: unknown, at: string, depth: number): void => {
    if (typeof value === 'string') return readText(value, at);
    if (typeof value !== 'object' || value === null) return;
    if (depth > MAX_DEPTH) {
      const problem = `is nested more than ${MAX_DEPTH} levels deep.`;
      return note(at, problem, 'template-too-deep', { most: MAX_DEPTH });
    }
    for (const [key, item] of Object.entries(value)) {
      const place = Array.isArray(value) ? `${at}[${key}]` : `${at}.${key}`;
      if (key.includes(OPENING))
        note(place, 'has a placeholder in its name: they stand in values.', 'template-name');
      if (key === '__proto__') note(place, 'has a name that receivers refuse.', 'not-allowed');
      read(item, place, depth + 1);
    }
  };
  read(template, '', 1);
  if (problems.length > 0) return { problems, placeholders };
  const characters = JSON.stringify(template)?.length ?? 0;
  if (characters > MAX_TEMPLATE_CHARACTERS)
    note('', `has ${characters} of ${MAX_TEMPLATE_CHARACTERS} characters.`, 'too-long', {
      most: MAX_TEMPLATE_CHARACTERS,
    });
  if (placeholders.length > MAX_PLACEHOLDERS)
    note(
      '',
      `has ${placeholders.length} of ${MAX_PLACEHOLDERS} placeholders.`,
      'template-too-many-placeholders',
      { most: MAX_PLACEHOLDERS },
    );
  return { problems, placeholders };
}

function pathOf(text: string): TemplatePath | undefined {
  const segments = text
    .trim()
    .replaceAll(/\[(\d{1,6})\]/g, '.$1')
    .split('.');
  return segments.length <= MAX_SEGMENTS && segments.every((segment) => SEGMENT.test(segment))
    ? segments
    : undefined;
}

/** The value at a path; `undefined` if there is none. Finds only what JSON has. */
export function valueAt(value: unknown, path: TemplatePath): unknown {
  let found = value;
  for (const segment of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, segment)) return undefined;
    found = (found as Record<string, unknown>)[segment];
  }
  return found;
}

/** Filled in, the template would be larger than may be sent. */
export class TemplateTooLargeError extends Error {}

/**
 * Fills in a template. A placeholder that is a whole text becomes the value with its type, or null if the event has
 * none. Within a text it becomes the value's text, or nothing if there is none.
 */
export const templateRepresentation =
  (template: unknown, mostCharacters: number): Representation =>
  (event) => {
    const fields = templateFields(event);
    let left = mostCharacters;
    const take = (value: unknown): string => {
      const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
      left -= text.length;
      if (left < 0)
        throw new TemplateTooLargeError(`The template gives more than ${mostCharacters} characters.`);
      return text;
    };
    const at = (inner: string): unknown => valueAt(fields, pathOf(inner) ?? []);
    const fill = (value: unknown): unknown => {
      if (typeof value === 'string') return fillText(value);
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(fill);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]));
    };
    const fillText = (text: string): unknown => {
      const alone = /^\{\{([^{}]*)\}\}$/.exec(text);
      if (alone) {
        const value = at(alone[1]!) ?? null;
        take(value);
        return value;
      }
      return text.replaceAll(PLACEHOLDER, (_, inner: string | undefined) =>
        inner === undefined ? OPENING : take(at(inner) ?? ''),
      );
    };
    return jsonBody(JSON.stringify(fill(template)));
  };
