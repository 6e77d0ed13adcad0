import { fieldsOf } from '../../../reference/fields.js';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { covers } from './event-patterns.js';
import type { FieldKind } from './filter-rows.js';

export interface FilterField {
  readonly kind: FieldKind;
  /** The allowed values; empty if any value is allowed. */
  readonly values: readonly string[];
}

/**
 * Lists the fields that events of these types can have, by their names in a filter. The names come from the
 * schemas and the examples.
 */
export function filterFields(
  types: readonly WebhookEventTypeDescription[],
  patterns: readonly string[],
): ReadonlyMap<string, FilterField> {
  const chosen = types.filter(({ type }) => covers(new Set(patterns), type));
  const fields = new Map<string, FilterField>();
  for (const { schema, example } of chosen) {
    for (const { path, name, type, values } of fieldsOf(schema, (name) => name)) {
      // A filter reaches an item of a list only by its index, so such fields are left out.
      if (!path.includes('[]')) add(fields, `data.${path}${name}`, { kind: kindOf(type), values });
    }
    addExample(fields, 'data', example);
  }
  fields.set('event_type', { kind: 'text', values: chosen.map(({ type }) => type) });
  return fields;
}

/** Merges fields: two types may define the same name differently. */
function add(fields: Map<string, FilterField>, name: string, { kind, values }: FilterField): void {
  const known = fields.get(name);
  const isOne = !known || known.kind === kind;
  const all =
    known && (known.values.length === 0 || values.length === 0) ? [] : [...(known?.values ?? []), ...values];
  fields.set(name, { kind: isOne ? kind : 'any', values: [...new Set(all)] });
}

function addExample(fields: Map<string, FilterField>, path: string, value: object): void {
  for (const [name, inner] of Object.entries(value) as [string, unknown][]) {
    const field = `${path}.${name}`;
    if (!fields.has(field)) fields.set(field, { kind: kindOf(typeof inner), values: [] });
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      addExample(fields, field, inner);
  }
}

function kindOf(type: string): FieldKind {
  if (/^(number|integer)( or null)?$/.test(type)) return 'number';
  if (/^boolean( or null)?$/.test(type)) return 'boolean';
  return /^string( or null)?$/.test(type) ? 'text' : 'any';
}
