/** Does not use `URL.canParse`: once V8 has optimised it, it refuses hosts such as `é.example` on Node 20 and 22. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
