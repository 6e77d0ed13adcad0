import type { IncomingHttpHeaders } from 'node:http';

const MAX_RECORDED_HEADER_BYTES = 8 * 1024;

/** The start of a response, as text that every database can store. */
export class CapturedResponse {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #cut = true;

  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    private readonly maxBytes: number,
  ) {}

  /** Whether the response goes on beyond what is captured: the rest is of no use. */
  append(chunk: Buffer): 'full' | 'more' {
    const room = this.maxBytes - this.#size;
    // Copied, since a slice would keep the whole buffer of the socket alive.
    if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
    this.#size += Math.min(room, chunk.length);
    return chunk.length > room ? 'full' : 'more';
  }

  /** The body ended by itself, so that an incomplete character at its end is an invalid one. */
  complete(): void {
    this.#cut = false;
  }

  /** As UTF-8; invalid bytes become U+FFFD, and so does NUL, which PostgreSQL can't store. */
  text(): string {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const text = this.#cut ? withoutCutCharacter(bytes) : bytes.toString('utf8');
    return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  }
}

const withoutCutCharacter = (bytes: Buffer): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });

/** Names in lower case, values of one name joined, and at most 8 KiB in all: what is beyond is left out. */
export function recordHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  let size = 0;
  const recorded: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
    size += name.length + Buffer.byteLength(text);
    if (size > MAX_RECORDED_HEADER_BYTES) break;
    recorded.push([name.toLowerCase(), text]);
  }
  return Object.fromEntries(recorded);
}
