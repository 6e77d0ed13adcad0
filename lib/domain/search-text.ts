/** Whether a text is an id of that prefix, and nothing else. */
export const isWholeId = (text: string | undefined, prefix: string): boolean =>
  text !== undefined && new RegExp(`^${prefix}_[0-9a-f]{32}$`).test(text);

const STRING_OR_SPACE = /"(?:[^"\\]|\\.)*"|\s+/g;

/**
 * The texts that a stored body has where somebody saw `text`: as it is, as JSON writes it in a string, and without the
 * white space that a formatted body has between its parts.
 */
export function bodyTexts(text: string): string[] {
  const compact = text.replaceAll(STRING_OR_SPACE, (part) => (part.startsWith('"') ? part : ''));
  return [...new Set([text, JSON.stringify(text).slice(1, -1), ...(text.includes('"') ? [compact] : [])])];
}
