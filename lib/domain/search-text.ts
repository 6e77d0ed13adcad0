/** Whether a text is a whole id with this prefix. */
export const isWholeId = (text: string | undefined, prefix: string): boolean =>
  text !== undefined && new RegExp(`^${prefix}_[0-9a-f]{32}$`).test(text);

const STRING_OR_SPACE = /"(?:[^"\\]|\\.)*"|\s+/g;

/**
 * The forms in which a stored body may contain a text that somebody saw: as it is, as JSON writes it in a string, and
 * without the white space of a formatted body.
 */
export function bodyTexts(text: string): string[] {
  const compact = text.replaceAll(STRING_OR_SPACE, (part) => (part.startsWith('"') ? part : ''));
  return [...new Set([text, JSON.stringify(text).slice(1, -1), ...(text.includes('"') ? [compact] : [])])];
}
