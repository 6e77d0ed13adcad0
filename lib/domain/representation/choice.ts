/** The form of an endpoint's events: the name of a representation, or a template of the endpoint's own. */
export type RepresentationChoice = string | { readonly template: object };

/** This one needs no work: it is the event's own body. */
export const ENVELOPE_NAME = 'envelope';

/** As it is stored with an endpoint: a name; a template as JSON, which begins like no name; `null` for the envelope. */
export const storedChoice = (choice: RepresentationChoice | null): string | null =>
  choice === null || choice === ENVELOPE_NAME
    ? null
    : typeof choice === 'string'
      ? choice
      : JSON.stringify(choice);

export const choiceOf = (stored: string | null): RepresentationChoice | null =>
  stored?.startsWith('{') ? (JSON.parse(stored) as { template: object }) : stored;

/** Its name in the log. */
export const choiceName = (stored: string | null): string =>
  stored === null ? ENVELOPE_NAME : stored.startsWith('{') ? 'template' : stored;
