/** What an endpoint's events look like: the name of a representation, or a template of the endpoint's own. */
export type RepresentationChoice = string | { readonly template: object };

/** The one that needs nothing to be made: the event's own body. */
export const ENVELOPE_NAME = 'envelope';

/** As it is stored with an endpoint: a name, or a template as JSON, which no name begins like; `null` for the envelope. */
export const storedChoice = (choice: RepresentationChoice | null): string | null =>
  choice === null || choice === ENVELOPE_NAME
    ? null
    : typeof choice === 'string'
      ? choice
      : JSON.stringify(choice);

export const choiceOf = (stored: string | null): RepresentationChoice | null =>
  stored?.startsWith('{') ? (JSON.parse(stored) as { template: object }) : stored;

/** What the log calls it. */
export const choiceName = (stored: string | null): string =>
  stored === null ? ENVELOPE_NAME : stored.startsWith('{') ? 'template' : stored;
