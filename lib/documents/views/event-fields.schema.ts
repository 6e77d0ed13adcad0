import type { WebhookEventView } from '../../management/views.js';
import { flag, id, named, nullable, object, text, time, type FieldsOf } from '../schema.js';

export const eventFields: FieldsOf<WebhookEventView> = {
  id: id('evt', 'The id of the event, as in `webhook-id`.'),
  type: text('What happened: a type of the catalogue.'),
  test: flag('Whether it is a test.'),
  idempotencyKey: nullable(text('The key that it was emitted with.')),
  createdAt: time('When it happened.'),
  body: text('The exact text that every endpoint receives.', { contentMediaType: 'application/json' }),
};

export const event = named('WebhookEvent', object('What happened, with the text that is sent.', eventFields));
