import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { prettyJson } from '../parts/json.js';

/** What stands around the data of every event: docs/verifying-signatures.md, "What arrives". */
export const ENVELOPE = [
  { name: 'id', type: 'string', text: 'The id of the event, as in webhook-id.' },
  { name: 'event_type', type: 'string', text: 'What happened: one of the types below.' },
  {
    name: 'created_at',
    type: 'string',
    text: 'When it happened, in ISO 8601: UTC with whole seconds.',
  },
  { name: 'data', type: 'object', text: 'The fields of the event type.' },
] as const;

/** The whole body of an event, as a receiver gets it but for the white space. */
export const exampleBody = ({ type, example }: WebhookEventTypeDescription): string =>
  prettyJson(
    JSON.stringify({
      id: 'evt_019b76db92607000a100c3e0a161c59c',
      event_type: type,
      created_at: '2026-01-01T00:01:00Z',
      data: example,
    }),
  );
