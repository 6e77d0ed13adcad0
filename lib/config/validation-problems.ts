import { fieldProblem, type AnyCoded } from '../domain/field-problems.js';
import type { ValidationError } from 'class-validator';
import { singleLine } from '../domain/shown-text.js';
import type { WebhookFieldProblem } from '../domain/webhooks.error.js';

export const MAX_FIELD = 256;
const MAX_MESSAGE = 512;

/**
 * class-validator's tree as a flat list, each problem with its path: `items[2].price`. Names may come from anybody, so
 * long ones are cut.
 */
export function flattenValidationErrors(
  errors: readonly ValidationError[],
  parent = '',
): WebhookFieldProblem[] {
  return errors.flatMap((error) => {
    const field = joinPath(parent, error.property);
    const own = Object.entries(error.constraints ?? {}).map(([name, message]) => {
      const text = message.startsWith(error.property) ? message.slice(error.property.length) : undefined;
      return fieldProblem(
        singleLine(field, MAX_FIELD),
        singleLine(text === undefined ? message : field + text, MAX_MESSAGE),
        ...((error.contexts?.[name] as ProblemContext | undefined)?.coded ?? codeOf(text ?? message)),
      );
    });
    return [...own, ...flattenValidationErrors(error.children ?? [], field)];
  });
}

function joinPath(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return parent ? `${parent}.${property}` : property;
}

/** The `context` of a rule whose message is our own. */
export interface ProblemContext {
  readonly coded: AnyCoded;
}

/** The rules of class-validator by their messages. An app may have written its own, which is `rule`. */
const KNOWN_RULES: readonly (readonly [RegExp, (value: string) => AnyCoded])[] = [
  [/^must be a string$/, () => ['not-text']],
  [/^must be a boolean value$/, () => ['not-boolean']],
  [/^must be a number conforming to the specified constraints$/, () => ['not-number']],
  [/^must be an integer number$/, () => ['not-whole-number']],
  [/^must be an object$/, () => ['not-object']],
  [/^must be an array$/, () => ['not-list']],
  [/^should not be empty$/, () => ['required']],
  [/^must be one of the following values: (.*)$/, (values) => ['not-one-of', { values }]],
  [/^must be longer than or equal to (\d+) characters$/, (least) => ['too-short', { least: Number(least) }]],
  [/^must be shorter than or equal to (\d+) characters$/, (most) => ['too-long', { most: Number(most) }]],
  [/^must not be less than (\S+)$/, (least) => ['too-small', { least: Number(least) }]],
  [/^must not be greater than (\S+)$/, (most) => ['too-large', { most: Number(most) }]],
  [/^must contain at least (\d+) elements$/, (least) => ['too-few-items', { least: Number(least) }]],
  [/^must contain no more than (\d+) elements$/, (most) => ['too-many-items', { most: Number(most) }]],
  [/^All .*'s elements must be unique$/, () => ['duplicate-items']],
];

function codeOf(message: string): AnyCoded {
  const rule = message.replace(/^each value in \S+/, '').trim();
  for (const [pattern, coded] of KNOWN_RULES) {
    const found = pattern.exec(rule);
    if (found) return coded(found[1] ?? '');
  }
  return ['rule', { rule: singleLine(rule, MAX_MESSAGE) }];
}
