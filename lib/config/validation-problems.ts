import type { ValidationError } from 'class-validator';
import type { WebhookFieldProblem } from '../domain/webhooks.error.js';

/** class-validator's tree as a flat list, each problem with its path: `items[2].price`. */
export function flattenValidationErrors(
  errors: readonly ValidationError[],
  parent = '',
): WebhookFieldProblem[] {
  return errors.flatMap((error) => {
    const field = joinPath(parent, error.property);
    const own = Object.values(error.constraints ?? {}).map((message) => ({
      field,
      message: message.startsWith(error.property) ? field + message.slice(error.property.length) : message,
    }));
    return [...own, ...flattenValidationErrors(error.children ?? [], field)];
  });
}

function joinPath(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return parent ? `${parent}.${property}` : property;
}
