import { CUSTOMERS_ACTS, type WebhookActName } from '../../domain/audit.js';
import type { WebhookAuditView } from '../../management/views.js';
import { anyObject, id, named, nullable, object, oneOf, text, time, type FieldsOf } from '../schema.js';
import { page } from './page.schema.js';

const actor = object<WebhookAuditView['actor']>('Who did it.', {
  kind: oneOf(
    ['customer', 'operator', 'app', 'module'],
    'By these routes, by those who run the app, by its code, or by itself: an endpoint that fails for too long is disabled.',
  ),
  id: nullable(text('What the app says of them; `null` where it says nothing, and of an operator.')),
});

const subject = object<WebhookAuditView['subject']>('What it was done to.', {
  kind: oneOf(['endpoint', 'delivery', 'event', 'pause', 'job', 'tenant'], 'What it is.'),
  id: text('Its id.'),
});

/** @param acts those that the readers see */
export const auditFields = (acts: readonly WebhookActName[]): FieldsOf<WebhookAuditView> => ({
  id: id('act', 'The act.'),
  act: oneOf<WebhookActName>(acts, 'What was done.'),
  actor,
  subject,
  endpointId: nullable(id('ep', 'The endpoint that it is about; `null`: none.')),
  before: nullable(anyObject('What changed, as it was; `null` where there was nothing.')),
  after: nullable(anyObject('What changed, as it is now; `null` where there is nothing.')),
  createdAt: time('When.'),
});

export const auditPage = page(
  'WebhookAuditPage',
  named('WebhookAudit', object<WebhookAuditView>('An act of somebody.', auditFields(CUSTOMERS_ACTS))),
);
