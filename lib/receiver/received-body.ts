/**
 * The text of a raw body; `undefined` if its bytes are not UTF-8, or it is no raw body. Encoding the text gives the
 * same bytes again.
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
