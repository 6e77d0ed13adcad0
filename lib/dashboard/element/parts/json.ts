/** Strings as a whole, the six signs, and what is neither: numbers, true, false, null. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
/** A body can be nested so deeply that its indentation would fill the memory. */
const MAX_INDENT = 40;

/**
 * JSON with line breaks and indentation, and nothing else changed: parsing it would round long numbers, and sort keys
 * that look like numbers. What is not JSON stays as it is.
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
