import { fieldsOf } from '../../../reference/fields.js';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { covers } from './event-patterns.js';
import type { FieldKind } from './filter-rows.js';

export interface FilterField {
  readonly kind: FieldKind;
  /** The only ones that it may have; none where it may have any. */
  readonly values: readonly string[];
}

/** The fields that the bodies of these types may have, by their names in a filter: of their schemas, or else of their examples. */
export function filterFields(
  types: readonly WebhookEventTypeDescription[],
  patterns: readonly string[],
): ReadonlyMap<string, FilterField> {
  const chosen = types.filter(({ type }) => covers(new Set(patterns), type));
  const fields = new Map<string, FilterField>();
  for (const { schema, example } of chosen) {
    for (const { path, name, type, values } of fieldsOf(schema, (name) => name)) {
      // What is in a list is found by its place alone.
      if (!path.includes('[]')) add(fields, `data.${path}${name}`, { kind: kindOf(type), values });
    }
    addExample(fields, 'data', example);
  }
  fields.set('event_type', { kind: 'text', values: chosen.map(({ type }) => type) });
  return fields;
}

/** Types may differ in what they have under one name. */
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
