/** The fields around the data of every event: docs/how-to/verifying-signatures.md, "What arrives". */
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

/** Example values; the type and the data are added. In this order. */
export const EXAMPLE_ENVELOPE = {
  id: 'evt_019b76db92607000a100c3e0a161c59c',
  event_type: '',
  created_at: '2026-01-01T00:01:00Z',
};
