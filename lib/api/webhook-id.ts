import { WebhookNotFoundError } from '../management/management.errors.js';

export type WebhookThing = 'endpoint' | 'delivery' | 'event' | 'pause' | 'job';

const PREFIX: Readonly<Record<WebhookThing, string>> = {
  endpoint: 'ep',
  event: 'evt',
  delivery: 'dlv',
  pause: 'pse',
  job: 'job',
};
const ID = /^(ep|evt|dlv|pse|job)_[0-9a-f]{32}$/;

/** The form of an id, as a regular expression for JSON Schema. */
export const idPattern = (what: WebhookThing): string => `^${PREFIX[what]}_[0-9a-f]{32}$`;

/**
 * An id of any other shape can't exist, and some shapes would make a database fail.
 * @throws WebhookNotFoundError
 */
export function checkedId(what: WebhookThing, id: string): string {
  if (ID.test(id)) return id;
  throw new WebhookNotFoundError(what, id);
}
