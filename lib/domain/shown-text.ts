const MAX_QUOTED = 64;
const MAX_LINE = 1_000;
/** Texts may have megabytes: only the start is read. */
const MAX_READ = 10_000;

/** Characters that break a line, control a terminal, or change the direction of the text around them. */
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** Secrets of endpoints, in case one gets to where texts are shown. */
const SECRET = /whsec_[\w+/=-]+/g;

/** Somebody else's text as one harmless line: `\n` becomes `\u000a`. */
export function singleLine(text: string, maxLength = MAX_LINE): string {
  const shown = text.slice(0, MAX_READ).replaceAll(SECRET, 'whsec_…');
  const escaped = shown
    .slice(0, maxLength)
    .replaceAll(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return shown.length > maxLength ? `${escaped}…` : escaped;
}

/** The quoted start of a received text, for a message. */
export const quoted = (text: string): string => `'${singleLine(text, MAX_QUOTED)}'`;

/** A thrown value in words. An app may throw anything, even objects that throw when they are read. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {
    return typeof thrown;
  }
}
