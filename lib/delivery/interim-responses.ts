import type { Socket } from 'node:net';

/** So much of a status line tells an interim response from others. */
const STATUS_LINE_START = 'HTTP/1.1 100 '.length;
const MAX_HEAD_BYTES = 16 * 1024;

/** The server switched protocols, or sent an interim response whose head does not end. */
export class InvalidInterimResponseError extends Error {}

/**
 * Removes interim responses (1xx) from what a socket receives for a request. A server may send them unasked before the
 * answer (RFC 9110 section 15.2), and undici ends the connection at an unasked 100 or 101.
 */
export class InterimResponses {
  /** Received data that may still be an interim response; `null` once the answer has begun. */
  #held: Buffer | null = null;

  /** Called when a request is about to be written. */
  expect(): void {
    this.#held = Buffer.alloc(0);
  }

  /** Called when there is data to read, before the parser gets it. */
  takeFrom(socket: Socket): void {
    if (!this.#held) return;
    const chunk = socket.read() as Buffer | null;
    if (!chunk) return;
    const rest = this.#withoutInterim(Buffer.concat([this.#held, chunk]));
    if (rest === 'invalid') {
      socket.destroy(new InvalidInterimResponseError());
    } else if (rest === 'undecided') {
      return;
    } else {
      this.#held = null;
      socket.unshift(rest);
    }
  }

  #withoutInterim(bytes: Buffer): Buffer | 'undecided' | 'invalid' {
    const text = bytes.toString('latin1');
    let start = 0;
    for (;;) {
      while (text[start] === '\r' || text[start] === '\n') start += 1;
      const line = text.slice(start, start + STATUS_LINE_START);
      if (!mayBeInterim(line)) return bytes.subarray(start);
      const end = text.indexOf('\r\n\r\n', start);
      if (line.length < STATUS_LINE_START || end < 0) {
        this.#held = bytes.subarray(start);
        return this.#held.length > MAX_HEAD_BYTES ? 'invalid' : 'undecided';
      }
      if (line.includes(' 101') && /\r\nupgrade:/i.test(text.slice(start, end))) return 'invalid';
      start = end + 4;
    }
  }
}

/** Also true for the beginning of such a line. */
function mayBeInterim(line: string): boolean {
  if (line.length === STATUS_LINE_START) return /^HTTP\/1\.[01] 1\d\d[ \r]$/.test(line);
  return 'HTTP/1.1 1'.startsWith(line.replace('HTTP/1.0', 'HTTP/1.1').slice(0, 10));
}
