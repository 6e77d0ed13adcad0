/**
 * The text that the bytes of a body say, or `undefined` where they are not UTF-8 (or it is not a raw body at all).
 * Encoding the text gives the same bytes again.
 */
export function textOf(body: unknown): string | undefined {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return undefined;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
