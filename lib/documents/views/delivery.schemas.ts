import { WEBHOOK_DELIVERY_STATUSES } from '../../domain/delivery.js';
import { ATTEMPT_OUTCOMES } from '../../domain/outcome.js';
import type {
  WebhookAttemptView,
  WebhookDeliveryDetailView,
  WebhookDeliveryView,
  WebhookDraftTestView,
  WebhookRequestView,
  WebhookResendsView,
  WebhookTestView,
} from '../../management/views.js';
import {
  count,
  flag,
  id,
  listOf,
  mapOf,
  named,
  nullable,
  object,
  oneOf,
  text,
  time,
  type FieldsOf,
} from '../schema.js';
import { event } from './event-fields.schema.js';
import { page } from './page.schema.js';

const statusCode = nullable(count('The status of the response; `null` where there was none.'));

const attemptFields: FieldsOf<WebhookAttemptView> = {
  id: id('att', 'The id of the attempt.'),
  number: count('1 for the first attempt of the delivery.', { minimum: 1 }),
  outcome: oneOf(ATTEMPT_OUTCOMES, 'What came of it. `retrying`: it failed and will be tried again.'),
  startedAt: time('When the request began.'),
  durationMs: count('How long it took, in ms.'),
  statusCode,
  error: nullable(
    object('Why there was no response.', {
      code: text('Stable, such as `timeout`.'),
      message: text('The same for people.'),
    }),
  ),
  requestHeaders: mapOf('The headers that were sent.'),
  responseHeaders: nullable(mapOf('The headers of the response.')),
  responseBody: nullable(text('The start of the response body.')),
};

export const deliveryFields: FieldsOf<WebhookDeliveryView> = {
  id: id('dlv', 'The id of the delivery.'),
  eventId: id('evt', 'The event that it delivers.'),
  eventType: text('The type of that event.'),
  endpointId: id('ep', 'The endpoint that it goes to.'),
  status: oneOf(WEBHOOK_DELIVERY_STATUSES, 'How far it has come.'),
  test: flag('Whether it is a test.'),
  attemptCount: count('All attempts so far.'),
  statusCode: nullable(count('Of the last attempt: the status of the response.')),
  errorCode: nullable(
    text('Of the last attempt: why there was no response; or why the delivery was canceled.'),
  ),
  durationMs: nullable(count('How long the last attempt took.')),
  nextAttemptAt: nullable(
    time(
      'When it is sent next; `null` while an attempt is being made, and once the delivery has come to its end.',
    ),
  ),
  createdAt: time('When it was created.'),
  completedAt: nullable(time('When it came to its end.')),
};

export const attempt = named('WebhookAttempt', object('One request of a delivery.', attemptFields));
export const attemptPage = page('WebhookAttemptPage', attempt);

const testFields: FieldsOf<Pick<WebhookTestView, 'eventId' | 'url' | 'requestBody'>> = {
  eventId: id('evt', 'The event of the test.'),
  url: text('Where it went.', { format: 'uri' }),
  requestBody: text('The exact text that was sent.', { contentMediaType: 'application/json' }),
};

export const testResult = named(
  'WebhookTest',
  object<WebhookTestView>('What came of a test.', {
    deliveryId: id('dlv', 'The delivery of the test.'),
    ...testFields,
    ...attemptFields,
  }),
);

const { id: _id, number: _number, ...unstoredFields } = attemptFields;

export const draftTestResult = named(
  'WebhookDraftTest',
  object<WebhookDraftTestView>('What came of a test of an endpoint that is not created yet.', {
    secret: text('What it was signed with: `whsec_` and the key in base64, or the text that was given.'),
    ...testFields,
    ...unstoredFields,
  }),
);

export const delivery = named('WebhookDelivery', object('One event to one endpoint.', deliveryFields));
export const deliveryPage = page('WebhookDeliveryPage', delivery);

export const deliveryDetailFields: FieldsOf<WebhookDeliveryDetailView> = {
  ...deliveryFields,
  event: nullable(event, 'What it delivers; `null` once the event has been pruned.'),
  representation: nullable(
    object('What is sent in place of the body of the event.', {
      name: text('The representation that made it; `template` for one of the endpoint.'),
      version: nullable(text('The version of the event; `null` where there were none.')),
      contentType: text('Its content type.'),
      body: text('The exact text that is sent.'),
    }),
    'What is sent in place of the body of the event, from the first attempt on; `null` where that is sent itself.',
  ),
  attempts: listOf(attempt, 'The newest 50, the first one first; `attemptCount` counts all.'),
};

export const deliveryDetail = named(
  'WebhookDeliveryDetail',
  object<WebhookDeliveryDetailView>(
    'A delivery with its event and its newest attempts.',
    deliveryDetailFields,
  ),
);

export const request = named(
  'WebhookRequest',
  object<WebhookRequestView>('The next request of a delivery, ready to be made by hand.', {
    method: oneOf(['POST'], 'The method.'),
    url: text('Where it goes.', { format: 'uri' }),
    headers: mapOf('With the signatures.'),
    body: text('The exact text that is signed.', { contentMediaType: 'application/json' }),
    signedAt: time('What the signature says, to the second: receivers refuse it some minutes later.'),
  }),
);

export const resends = named(
  'WebhookResends',
  object<WebhookResendsView>('What became of each delivery.', {
    resent: listOf(id('dlv', 'A delivery.'), 'Those that are sent again.'),
    refused: listOf(
      object('A delivery that is not sent again.', {
        id: id('dlv', 'The delivery.'),
        code: text('Why, as sending it alone would have told.', { pattern: '^webhooks/' }),
        message: text('The same for people.'),
      }),
      'Those that are not.',
    ),
  }),
);
