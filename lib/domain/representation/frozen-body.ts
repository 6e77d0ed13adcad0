import type { Represented } from './represented.js';

/** The body of a delivery, kept from its first attempt on. Every attempt, resend and recovery sends these bytes. */
export interface FrozenBody extends Represented {
  /** The representation that made it; `template` for one of the endpoint's own. */
  readonly name: string;
  /** The version of the app's events; `null` if it had none. */
  readonly version: string | null;
}

/**
 * The row of a delivery has this if it was attempted before its body could be made: nothing was sent yet. `NULL` in the
 * row of an attempted delivery means that the event's own body was sent.
 */
export const UNMADE = '';

/** One line of JSON, followed by the body. */
export const frozenText = ({ name, version, contentType, headers, body }: FrozenBody): string =>
  `${JSON.stringify({ name, version, contentType, headers })}\n${body}`;

/** `null` if nothing is frozen. */
export function frozenBodyOf(text: string | null): FrozenBody | null {
  if (text === null || text === UNMADE) return null;
  const end = text.indexOf('\n');
  return { ...(JSON.parse(text.slice(0, end)) as Omit<FrozenBody, 'body'>), body: text.slice(end + 1) };
}
