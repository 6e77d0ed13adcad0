/** `URL.canParse` is no help: once V8 has optimised it, Node 20 and 22 refuse hosts such as `é.example` there. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
