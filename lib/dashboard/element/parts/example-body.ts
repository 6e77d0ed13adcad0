import { EXAMPLE_ENVELOPE } from '../../../reference/envelope.js';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { prettyJson } from './json.js';

/** The whole body of an event, as a receiver gets it but for the white space. */
export const exampleBody = ({ type, example }: WebhookEventTypeDescription): string =>
  prettyJson(JSON.stringify({ ...EXAMPLE_ENVELOPE, event_type: type, data: example }));
