import type { IncomingHttpHeaders } from 'node:http';

const MAX_RECORDED_HEADER_BYTES = 8 * 1024;

/** Beyond the captured part, at most this much of a body is read and dropped, so that its connection can be kept. */
const MAX_DROPPED_BYTES = 64 * 1024;

/** What matters of a response, with its start as text that every database can store. */
export class CapturedResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfter: string | null;
  /** Whether no body follows, whatever the headers say about its length (RFC 9112 section 6.3). */
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
    // Copied, since a slice would keep the socket's whole buffer alive.
    if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
    this.#size += Math.min(room, chunk.length);
    this.#dropped += Math.max(0, chunk.length - room);
  }

  /** Whether the captured part is complete. What follows does not matter. */
  get isFull(): boolean {
    return this.#size === this.maxBytes;
  }

  /** Whether the rest is too long to be worth reading. */
  get isTooLong(): boolean {
    return this.#dropped > MAX_DROPPED_BYTES;
  }

  /** The body has ended. So an incomplete character at its end is an invalid one. */
  complete(): void {
    this.#cut = this.#dropped > 0;
  }

  /** As UTF-8. Invalid bytes become U+FFFD, and so does NUL, which PostgreSQL can't store. */
  text(): string {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const text = this.#cut ? withoutCutCharacter(bytes) : bytes.toString('utf8');
    return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  }
}

const withoutCutCharacter = (bytes: Buffer): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });

/** The headers, with names in lower case and the values of one name joined: 8 KiB in all. The rest is left out. */
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
