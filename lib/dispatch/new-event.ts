import type { EventCatalogue } from '../config/event-catalogue.js';
import type { EmitWebhookOptions } from '../config/webhook-event-options.js';
import { newId } from '../domain/id.js';
import { bodyOf, serialiseBody } from '../domain/json-body.js';
import type { NewEvent } from '../domain/delivery.js';
import { WebhookBodyTooLargeError } from './emit-rules.js';

/** What a new event is checked against. */
export interface EventRules {
  readonly catalogue: Pick<EventCatalogue, 'mustHave' | 'check'>;
  readonly bodyBytes: number;
  /** Default: the emit is not traced. */
  readonly traceparent?: string | null;
  /** The newest version of the app's events. Default: it has none. */
  readonly version?: string | null;
}

/**
 * Makes the event of an emit, with the body that every endpoint receives.
 * @param createdAt epoch ms
 * @throws UnknownWebhookEventTypeError, InvalidWebhookDataError, InvalidWebhookPayloadError, WebhookBodyTooLargeError
 */
export async function newEvent(
  type: string,
  data: unknown,
  options: EmitWebhookOptions,
  createdAt: number,
  { catalogue, bodyBytes, traceparent = null, version = null }: EventRules,
): Promise<NewEvent> {
  const id = newId('evt', createdAt);
  // An unknown type is the first thing to tell, so it is looked up before the data is.
  catalogue.mustHave(type);
  const serialised = serialiseBody({ id, type, createdAt, data });
  const sent = await catalogue.check(type, serialised.data);
  const body = sent === serialised.data ? serialised.body : bodyOf({ id, type, createdAt }, sent);
  const bytes = Buffer.byteLength(body);
  if (bytes > bodyBytes) throw new WebhookBodyTooLargeError(type, bytes, bodyBytes);
  const { tenant = '', idempotencyKey = null } = options;
  return { id, tenant, type, body, idempotencyKey, traceparent, version, createdAt };
}
