import type { Represented } from './represented.js';

/** The body of a delivery, kept from its first attempt on: every attempt, resend and recovery sends these bytes. */
export interface FrozenBody extends Represented {
  /** The representation that made it: `template` for one of the endpoint's own. */
  readonly name: string;
  /** Of the app's events; `null` where it had none. */
  readonly version: string | null;
}

/**
 * What stands in the row of a delivery that was attempted before its body could be made: nothing was sent yet. `NULL` in the row
 * of one that was attempted says that the event's own body was sent.
 */
export const UNMADE = '';

/** One line of JSON, then the body as it is. */
export const frozenText = ({ name, version, contentType, headers, body }: FrozenBody): string =>
  `${JSON.stringify({ name, version, contentType, headers })}\n${body}`;

/** `null` where nothing is frozen. */
export function frozenBodyOf(text: string | null): FrozenBody | null {
  if (text === null || text === UNMADE) return null;
  const end = text.indexOf('\n');
  return { ...(JSON.parse(text.slice(0, end)) as Omit<FrozenBody, 'body'>), body: text.slice(end + 1) };
}
