import type { ObjectLiteral } from 'typeorm';

/**
 * The condition that a column contains a text, in upper or lower case; no character of the text is a wildcard. The database lowers both
 * sides, so that what its LOWER leaves alone is still found as it was written.
 */
export const containing = (column: string, text: string): [condition: string, parameters: ObjectLiteral] => [
  `LOWER(${column}) LIKE LOWER(:pattern) ESCAPE '!'`,
  { pattern: patternOf(text) },
];

/** The escape character is not the backslash, which MySQL reads as one in string literals too. */
export const patternOf = (text: string): string => `%${text.replaceAll(/[!%_]/g, '!$&')}%`;
