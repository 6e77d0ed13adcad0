import type { ObjectLiteral } from 'typeorm';

/**
 * The condition that a column contains a text, ignoring case and without wildcards. The database lowers both
 * sides, so a character that its LOWER does not change still matches itself.
 */
export const containing = (column: string, text: string): [condition: string, parameters: ObjectLiteral] => [
  `LOWER(${column}) LIKE LOWER(:pattern) ESCAPE '!'`,
  { pattern: patternOf(text) },
];

/** Not the backslash, which MySQL also treats as an escape in string literals. */
export const patternOf = (text: string): string => `%${text.replaceAll(/[!%_]/g, '!$&')}%`;
