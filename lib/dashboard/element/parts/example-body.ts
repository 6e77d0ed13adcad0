import { EXAMPLE_ENVELOPE } from '../../../reference/envelope.js';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { prettyJson } from './json.js';

/** The body of an example event, as a receiver gets it apart from the white space. */
export const exampleBody = ({ type, example }: WebhookEventTypeDescription): string =>
  prettyJson(JSON.stringify({ ...EXAMPLE_ENVELOPE, event_type: type, data: example }));
