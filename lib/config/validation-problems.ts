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
    const own = Object.values(error.constraints ?? {}).map((message) => ({
      field: singleLine(field, MAX_FIELD),
      message: singleLine(
        message.startsWith(error.property) ? field + message.slice(error.property.length) : message,
        MAX_MESSAGE,
      ),
    }));
    return [...own, ...flattenValidationErrors(error.children ?? [], field)];
  });
}

function joinPath(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return parent ? `${parent}.${property}` : property;
}
