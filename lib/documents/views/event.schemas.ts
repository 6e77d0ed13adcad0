import type { WebhookEventTypeDescription } from '../../config/event-catalogue.js';
import { WEBHOOK_DELIVERY_STATUSES } from '../../domain/delivery.js';
import type {
  WebhookEventDetailView,
  WebhookEventSummaryView,
  WebhookFilteredView,
} from '../../management/views.js';
import { filter } from './filter.schema.js';
import { anyObject, count, flag, id, listOf, named, object, text, type FieldsOf } from '../schema.js';
import { delivery } from './delivery.schemas.js';
import { eventFields } from './event-fields.schema.js';
import { page } from './page.schema.js';

type Counts = WebhookEventSummaryView['deliveryCounts'];

const { body, ...shared } = eventFields;

export const summaryFields: FieldsOf<WebhookEventSummaryView> = {
  ...shared,
  deliveryCounts: object(
    'How many of its deliveries are in which state.',
    Object.fromEntries(
      WEBHOOK_DELIVERY_STATUSES.map((status) => [status, count(`Those that are ${status}.`)]),
    ) as unknown as FieldsOf<Counts>,
  ),
};

export const eventPage = page(
  'WebhookEventPage',
  named('WebhookEventSummary', object('What happened.', summaryFields)),
);

export const eventDetailFields: FieldsOf<WebhookEventDetailView> = {
  ...summaryFields,
  body,
  deliveries: listOf(delivery, 'The first 250; `deliveryCounts` counts all.'),
  filtered: listOf(
    named(
      'WebhookFiltered',
      object<WebhookFilteredView>('An endpoint that did not get it.', {
        endpointId: id('ep', 'The endpoint.'),
        condition: filter,
        changedSince: flag(
          'Whether the settings of the endpoint have changed since the event: its filter may have been another one then.',
        ),
      }),
    ),
    'The first 250 endpoints that did not get it, and whose filter, as it is now, keeps it out.',
  ),
};

export const eventDetail = named(
  'WebhookEventDetail',
  object<WebhookEventDetailView>('What happened, and to whom it went.', eventDetailFields),
);

const eventType = named(
  'WebhookEventType',
  object<WebhookEventTypeDescription>('A type of event that endpoints can get.', {
    type: text('Its name.'),
    group: text('The heading that it stands under.'),
    description: text('When it is sent.'),
    schema: anyObject('JSON Schema of `data`; `{}` where nothing is known of it.'),
    example: anyObject('`data` as it may arrive.'),
  }),
);

export const eventTypes = named(
  'WebhookEventTypes',
  object<{ data: readonly WebhookEventTypeDescription[] }>('The catalogue of event types.', {
    data: listOf(eventType, 'In the order of the catalogue.'),
  }),
);
