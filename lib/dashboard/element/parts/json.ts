/** Matches whole strings, the six punctuation characters, and everything else: numbers, true, false, null. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
/** Limits the indentation, which would fill the memory for a very deeply nested body. */
const MAX_INDENT = 40;

/**
 * Adds line breaks and indentation to JSON, and changes nothing else: parsing would round long numbers, and
 * would reorder keys that look like numbers. Returns other text unchanged.
 */
export function prettyJson(text: string): string {
  if (!isJson(text)) return text;
  let depth = 0;
  let before = '';
  let pretty = '';
  const line = (): string => `\n${'  '.repeat(Math.min(depth, MAX_INDENT))}`;
  for (const [token] of text.matchAll(TOKENS)) {
    const opened = before === '{' || before === '[';
    if (token === '}' || token === ']') {
      depth -= 1;
      pretty += (opened ? '' : line()) + token;
    } else {
      pretty += (opened || before === ',' ? line() : '') + (token === ':' ? ': ' : token);
      if (token === '{' || token === '[') depth += 1;
    }
    before = token;
  }
  return pretty;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
