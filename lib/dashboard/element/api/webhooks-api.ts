import type {
  CreateWebhookEndpointDto,
  PreviewWebhookRepresentationDto,
  TestWebhookDraftDto,
  UpdateWebhookEndpointDto,
  WebhookAttemptView,
  WebhookAuditView,
  WebhookDeliveryDetailView,
  WebhookDeliveryView,
  WebhookDraftTestView,
  WebhookEndpointView,
  WebhookEventDetailView,
  WebhookEventSummaryView,
  WebhookEventTypeDescription,
  WebhookFilter,
  WebhookFilterPreviewView,
  WebhookGuideView,
  WebhookPageView,
  WebhookRecoveryPreviewView,
  WebhookRecoveryView,
  WebhookRepresentedView,
  WebhookRequestView,
  WebhookResendsView,
  WebhookSecretView,
  WebhookSettingsView,
  WebhookStatsByEndpointView,
  WebhookStatsView,
  WebhookTestView,
} from './api-types.js';
import type { Http, Query, Shape } from './http.js';

const LIST: Shape = ['data', 'array'];
const RECORD: Shape = ['id', 'string'];
const SECRET: Shape = ['secret', 'string'];

/** Epoch ms. */
export interface TimeRange {
  readonly since: number;
  readonly until?: number;
}

export type CreatedEndpoint = WebhookEndpointView & { readonly secret: string };
export type EventDetail = WebhookEventDetailView;

/** One method for each route. All reject with an ApiError. */
export class WebhooksApi {
  constructor(private readonly http: Http) {}

  settings(): Promise<WebhookSettingsView> {
    return this.http.get(['signatureHeader', 'string'], '/settings');
  }

  eventTypes(): Promise<{ data: WebhookEventTypeDescription[] }> {
    return this.http.get(LIST, '/event-types');
  }

  guide(): Promise<WebhookGuideView> {
    return this.http.get(['sections', 'array'], '/guide.json');
  }

  endpoints(query: Query, signal?: AbortSignal): Promise<WebhookPageView<WebhookEndpointView>> {
    return this.http.get(LIST, '', query, signal);
  }

  endpoint(id: string, signal?: AbortSignal): Promise<WebhookEndpointView> {
    return this.http.get(RECORD, `/${id}`, {}, signal);
  }

  create(input: CreateWebhookEndpointDto): Promise<CreatedEndpoint> {
    return this.http.send(RECORD, 'POST', '', input);
  }

  update(id: string, changes: UpdateWebhookEndpointDto): Promise<WebhookEndpointView> {
    return this.http.send(RECORD, 'PATCH', `/${id}`, changes);
  }

  filterPreview(events: readonly string[], filter: WebhookFilter): Promise<WebhookFilterPreviewView> {
    return this.http.send(['examined', 'number'], 'POST', '/filter-preview', { events, filter });
  }

  represented(input: PreviewWebhookRepresentationDto, signal?: AbortSignal): Promise<WebhookRepresentedView> {
    return this.http.send(['body', 'string'], 'POST', '/representation-preview', input, signal);
  }

  delete(id: string): Promise<void> {
    return this.http.send(null, 'DELETE', `/${id}`);
  }

  secret(id: string): Promise<WebhookSecretView> {
    return this.http.get(SECRET, `/${id}/secret`);
  }

  rotateSecret(id: string, overlapMs: number, secret?: string): Promise<WebhookSecretView> {
    return this.http.send(SECRET, 'POST', `/${id}/secret/rotate`, { overlap: overlapMs, secret });
  }

  test(id: string, eventType: string, data?: Record<string, unknown>): Promise<WebhookTestView> {
    return this.http.send(['outcome', 'string'], 'POST', `/${id}/test`, { eventType, data });
  }

  testDraft(draft: TestWebhookDraftDto): Promise<WebhookDraftTestView> {
    return this.http.send(['outcome', 'string'], 'POST', '/test', draft);
  }

  stats(endpointId: string, query: Query, signal?: AbortSignal): Promise<WebhookStatsView> {
    return this.http.get(['buckets', 'array'], `/${endpointId}/stats`, query, signal);
  }

  endpointStats(
    ids: readonly string[],
    query: Query,
    signal?: AbortSignal,
  ): Promise<WebhookStatsByEndpointView> {
    return this.http.get(LIST, '/stats/endpoints', { ids: ids.join(','), ...query }, signal);
  }

  deliveries(
    endpointId: string,
    query: Query,
    signal?: AbortSignal,
  ): Promise<WebhookPageView<WebhookDeliveryView>> {
    return this.http.get(LIST, `/${endpointId}/deliveries`, query, signal);
  }

  /** Deliveries of all webhooks. */
  allDeliveries(query: Query): Promise<WebhookPageView<WebhookDeliveryView>> {
    return this.http.get(LIST, '/deliveries', query);
  }

  delivery(id: string, signal?: AbortSignal): Promise<WebhookDeliveryDetailView> {
    return this.http.get(RECORD, `/deliveries/${id}`, {}, signal);
  }

  attempts(deliveryId: string, query: Query): Promise<WebhookPageView<WebhookAttemptView>> {
    return this.http.get(LIST, `/deliveries/${deliveryId}/attempts`, query);
  }

  resend(deliveryId: string): Promise<WebhookDeliveryView> {
    return this.http.send(RECORD, 'POST', `/deliveries/${deliveryId}/retry`);
  }

  resendAll(ids: readonly string[]): Promise<WebhookResendsView> {
    return this.http.send(['resent', 'array'], 'POST', '/deliveries/retry', { ids });
  }

  signedRequest(deliveryId: string): Promise<WebhookRequestView> {
    return this.http.get(['body', 'string'], `/deliveries/${deliveryId}/request`);
  }

  recoveryPreview(
    endpointId: string,
    range: TimeRange,
    signal?: AbortSignal,
  ): Promise<WebhookRecoveryPreviewView> {
    return this.http.get(['toResend', 'number'], `/${endpointId}/recover`, { ...range }, signal);
  }

  recover(endpointId: string, range: TimeRange): Promise<WebhookRecoveryView> {
    return this.http.send(['resent', 'number'], 'POST', `/${endpointId}/recover`, range);
  }

  events(query: Query, signal?: AbortSignal): Promise<WebhookPageView<WebhookEventSummaryView>> {
    return this.http.get(LIST, '/events', query, signal);
  }

  audit(query: Query, signal?: AbortSignal): Promise<WebhookPageView<WebhookAuditView>> {
    return this.http.get(LIST, '/audit', query, signal);
  }

  event(id: string, signal?: AbortSignal): Promise<EventDetail> {
    return this.http.get(RECORD, `/events/${id}`, {}, signal);
  }
}
