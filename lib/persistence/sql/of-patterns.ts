import type { ObjectLiteral } from 'typeorm';

/** The condition that an event type matches one of the patterns, for `where`. */
export function ofPatterns(
  column: string,
  patterns: readonly string[],
): [condition: string, parameters: ObjectLiteral] {
  if (patterns.includes('*')) return ['1 = 1', {}];
  const types = patterns.filter((pattern) => !pattern.endsWith('.*'));
  const groups = patterns.filter((pattern) => pattern.endsWith('.*'));
  const conditions = [
    ...(types.length > 0 ? [`${column} IN (:...types)`] : []),
    // Patterns have only letters, digits and underscores; LIKE knows the underscore. MySQL reads a backslash in
    // literals.
    ...groups.map((_, index) => `${column} LIKE :group${index} ESCAPE '!'`),
  ];
  const likes = groups.map((group, index) => [
    `group${index}`,
    `${group.slice(0, -1).replaceAll('_', '!_')}%`,
  ]);
  return [`(${conditions.join(' OR ')})`, { types, ...(Object.fromEntries(likes) as object) }];
}
