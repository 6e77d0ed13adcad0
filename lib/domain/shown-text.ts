const MAX_QUOTED = 64;
const MAX_LINE = 1_000;
/** Of texts of megabytes only the start is looked at. */
const MAX_READ = 10_000;

/** What breaks a line, steers a terminal, or turns the direction of the text around it. */
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** Secrets of endpoints, should one ever get to where texts are shown. */
const SECRET = /whsec_[\w+/=-]+/g;

/** Text of somebody else as one line that does nothing but stand there: `\n` becomes `\u000a`. */
export function singleLine(text: string, maxLength = MAX_LINE): string {
  const shown = text.slice(0, MAX_READ).replaceAll(SECRET, 'whsec_…');
  const escaped = shown
    .slice(0, maxLength)
    .replaceAll(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return shown.length > maxLength ? `${escaped}…` : escaped;
}

/** The start of a text that was received, in quotes, for a message. */
export const quoted = (text: string): string => `'${singleLine(text, MAX_QUOTED)}'`;

/** What was thrown, in words: an app's code may throw anything, and objects that throw again when they are looked at. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {
    return typeof thrown;
  }
}
