import type { IncomingHttpHeaders } from 'node:http';

const MAX_RECORDED_HEADER_BYTES = 8 * 1024;

/** Beyond what is captured, this much of a body is read and dropped, so that its connection can be kept. */
const MAX_DROPPED_BYTES = 64 * 1024;

/** What a response decides, and its start as text that every database can store. */
export class CapturedResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfter: string | null;
  /** No body follows, whatever the headers say of its length (RFC 9112 section 6.3). */
  readonly endsWithHead: boolean;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #dropped = 0;
  #cut = true;

  constructor(
    readonly status: number,
    headers: IncomingHttpHeaders,
    private readonly maxBytes: number,
  ) {
    this.headers = recordHeaders(headers);
    this.retryAfter = headers['retry-after'] ?? null;
    this.endsWithHead = status === 204 || status === 304;
  }

  append(chunk: Buffer): void {
    const room = this.maxBytes - this.#size;
    // Copied, since a slice would keep the whole buffer of the socket alive.
    if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
    this.#size += Math.min(room, chunk.length);
    this.#dropped += Math.max(0, chunk.length - room);
  }

  /** All that is kept is there: the rest, if there is one, is of no use. */
  get isFull(): boolean {
    return this.#size === this.maxBytes;
  }

  /** The rest is too long to be worth reading. */
  get isTooLong(): boolean {
    return this.#dropped > MAX_DROPPED_BYTES;
  }

  /** The body ended by itself, so that an incomplete character at its end is an invalid one. */
  complete(): void {
    this.#cut = this.#dropped > 0;
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
function recordHeaders(headers: IncomingHttpHeaders): Record<string, string> {
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
