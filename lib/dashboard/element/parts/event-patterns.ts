import type { WebhookEventTypeDescription } from '../api/api-types.js';

/** The events that a webhook asks for: types, `group.*` or `*`. */
export type Patterns = ReadonlySet<string>;

export interface EventGroup {
  readonly name: string;
  readonly types: readonly WebhookEventTypeDescription[];
}

const wildcardOf = (type: string): string => `${type.slice(0, type.indexOf('.'))}.*`;

export const covers = (patterns: Patterns, type: string): boolean =>
  patterns.has('*') || patterns.has(wildcardOf(type)) || patterns.has(type);

/**
 * Returns false for a pattern that matched when the webhook was saved, but matches nothing in today's
 * catalogue.
 */
export const isKnown = (pattern: string, catalogue: readonly string[]): boolean =>
  pattern === '*' || catalogue.some((type) => type === pattern || wildcardOf(type) === pattern);

/** Groups the types, in the order of the catalogue. */
export function groupsOf(types: readonly WebhookEventTypeDescription[]): EventGroup[] {
  const names = [...new Set(types.map(({ group }) => group))];
  return names.map((name) => ({ name, types: types.filter(({ group }) => group === name) }));
}

/**
 * Returns a wildcard such as `post.*` if the types are all those that begin with `post.`. A wildcard also
 * covers types that are added later.
 */
export function sharedWildcard(types: readonly string[], catalogue: readonly string[]): string | undefined {
  const wildcards = new Set(types.map(wildcardOf));
  const [wildcard] = wildcards;
  const isWhole = catalogue.filter((type) => wildcards.has(wildcardOf(type))).length === types.length;
  return wildcards.size === 1 && isWhole ? wildcard : undefined;
}

/** Adds a whole group to the patterns. */
export function withGroup(
  patterns: Patterns,
  types: readonly string[],
  catalogue: readonly string[],
): string[] {
  const wildcard = sharedWildcard(types, catalogue);
  if (wildcard === undefined) return [...patterns, ...types.filter((type) => !covers(patterns, type))];
  return [...[...patterns].filter((pattern) => !types.includes(pattern) && pattern !== wildcard), wildcard];
}

/**
 * Removes the types from the patterns. A wildcard that covered one of them is replaced by the other types
 * that it covered.
 */
export function withoutTypes(
  patterns: Patterns,
  types: readonly string[],
  catalogue: readonly string[],
): string[] {
  const rest = new Set(patterns);
  for (const type of types) {
    const wildcard = wildcardOf(type);
    if (rest.delete(wildcard)) {
      for (const other of catalogue) if (wildcardOf(other) === wildcard) rest.add(other);
    }
    rest.delete(type);
  }
  return [...rest];
}
