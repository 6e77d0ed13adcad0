import type { WebhookEventTypeDescription } from '../api/api-types.js';

/** What a webhook asks for: event types, `group.*` or `*`. */
export type Patterns = ReadonlySet<string>;

export interface EventGroup {
  readonly name: string;
  readonly types: readonly WebhookEventTypeDescription[];
}

const wildcardOf = (type: string): string => `${type.slice(0, type.indexOf('.'))}.*`;

export const covers = (patterns: Patterns, type: string): boolean =>
  patterns.has('*') || patterns.has(wildcardOf(type)) || patterns.has(type);

/** False for what the catalogue had once, when the webhook was saved. */
export const isKnown = (pattern: string, catalogue: readonly string[]): boolean =>
  pattern === '*' || catalogue.some((type) => type === pattern || wildcardOf(type) === pattern);

/** The groups in the order of the catalogue. */
export function groupsOf(types: readonly WebhookEventTypeDescription[]): EventGroup[] {
  const names = [...new Set(types.map(({ group }) => group))];
  return names.map((name) => ({ name, types: types.filter(({ group }) => group === name) }));
}

/** `post.*`, where the types are all that begin with `post.`: it takes those in that are added later. */
export function sharedWildcard(types: readonly string[], catalogue: readonly string[]): string | undefined {
  const wildcards = new Set(types.map(wildcardOf));
  const [wildcard] = wildcards;
  const isWhole = catalogue.filter((type) => wildcards.has(wildcardOf(type))).length === types.length;
  return wildcards.size === 1 && isWhole ? wildcard : undefined;
}

/** The whole group is chosen. */
export function withGroup(
  patterns: Patterns,
  types: readonly string[],
  catalogue: readonly string[],
): string[] {
  const wildcard = sharedWildcard(types, catalogue);
  if (wildcard === undefined) return [...patterns, ...types.filter((type) => !covers(patterns, type))];
  return [...[...patterns].filter((pattern) => !types.includes(pattern) && pattern !== wildcard), wildcard];
}

/** The types are not chosen any more: a wildcard that held one of them becomes the other types that it held. */
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
