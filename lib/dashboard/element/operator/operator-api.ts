import type { Http, Query, Shape } from '../api/http.js';
import type {
  OperatorAuditView,
  OperatorDeliveryDetailView,
  OperatorDeliveryView,
  OperatorEndpointView,
  OperatorEventDetailView,
  OperatorJobView,
  OperatorLagView,
  OperatorOverviewView,
  OperatorPauseView,
  OperatorSearchView,
  OperatorSettingsView,
  OperatorTenantView,
  WebhookPageView,
  WebhookStatsView,
} from './operator-types.js';

const LIST: Shape = ['data', 'array'];
const RECORD: Shape = ['id', 'string'];

/** The target of a pause: everything, a tenant or an endpoint. */
export type PauseTarget =
  | { readonly scope: 'all' }
  | { readonly scope: 'tenant'; readonly tenant: string }
  | { readonly scope: 'endpoint'; readonly endpointId: string };

export interface JobRequest {
  readonly kind: OperatorJobView['kind'];
  readonly filter: Readonly<Record<string, unknown>>;
  readonly perSecond?: number;
  readonly to?: string;
  readonly where?: unknown;
}

export interface SettingsInput {
  /** In ms; `false` means for ever. */
  readonly retention?: number | false;
  readonly endpoints?: number;
  readonly testsPerMinute?: number;
  readonly resendsPerMinute?: number;
}

const settingsOf = (tenant: string): string => `/settings?tenant=${encodeURIComponent(tenant)}`;

type Page = Query & { readonly cursor?: string | undefined };

/** One method for each of the operators' routes. All reject with an ApiError. */
export class OperatorApi {
  constructor(private readonly http: Http) {}

  overview(signal?: AbortSignal): Promise<OperatorOverviewView> {
    return this.http.get(['attention', 'array'], '/overview', {}, signal);
  }

  search(q: string, signal?: AbortSignal): Promise<OperatorSearchView> {
    return this.http.get(LIST, '/search', { q }, signal);
  }

  lag(period: string, signal?: AbortSignal): Promise<OperatorLagView> {
    return this.http.get(LIST, '/lag', { period }, signal);
  }

  /** The statistics of all tenants, or of one. */
  stats(period: string, tenant?: string, signal?: AbortSignal): Promise<WebhookStatsView> {
    const of = tenant === undefined ? '' : `&tenant=${encodeURIComponent(tenant)}`;
    return this.http.get(['buckets', 'array'], `/stats?period=${period}${of}`, {}, signal);
  }

  pauses(signal?: AbortSignal): Promise<{ data: OperatorPauseView[] }> {
    return this.http.get(LIST, '/pauses', {}, signal);
  }

  tenants(query: Page, signal?: AbortSignal): Promise<WebhookPageView<OperatorTenantView>> {
    return this.http.get(LIST, '/tenants', query, signal);
  }

  /** The name may be empty, which a query would otherwise leave out. */
  tenant(tenant: string, signal?: AbortSignal): Promise<OperatorTenantView> {
    return this.http.get(['tenant', 'string'], `/tenant?tenant=${encodeURIComponent(tenant)}`, {}, signal);
  }

  endpoints(query: Page, signal?: AbortSignal): Promise<WebhookPageView<OperatorEndpointView>> {
    return this.http.get(LIST, '/endpoints', query, signal);
  }

  /** The endpoints of one tenant, whose name may be empty. */
  endpointsOf(
    tenant: string,
    { limit }: { limit: number },
    signal?: AbortSignal,
  ): Promise<WebhookPageView<OperatorEndpointView>> {
    return this.http.get(LIST, `/endpoints?limit=${limit}&tenant=${encodeURIComponent(tenant)}`, {}, signal);
  }

  endpoint(id: string, signal?: AbortSignal): Promise<OperatorEndpointView> {
    return this.http.get(RECORD, `/endpoints/${id}`, {}, signal);
  }

  deliveries(query: Page, signal?: AbortSignal): Promise<WebhookPageView<OperatorDeliveryView>> {
    return this.http.get(LIST, '/deliveries', query, signal);
  }

  delivery(id: string, signal?: AbortSignal): Promise<OperatorDeliveryDetailView> {
    return this.http.get(RECORD, `/deliveries/${id}`, {}, signal);
  }

  event(id: string, signal?: AbortSignal): Promise<OperatorEventDetailView> {
    return this.http.get(RECORD, `/events/${id}`, {}, signal);
  }

  pause(target: PauseTarget, reason: string): Promise<OperatorPauseView> {
    return this.http.send(RECORD, 'POST', '/pauses', { ...target, ...(reason ? { reason } : {}) });
  }

  resume(id: string): Promise<null> {
    return this.http.send(null, 'DELETE', `/pauses/${id}`);
  }

  disable(endpointId: string, reason: string): Promise<unknown> {
    return this.http.send(null, 'POST', `/endpoints/${endpointId}/disable`, { reason });
  }

  enable(endpointId: string): Promise<unknown> {
    return this.http.send(null, 'POST', `/endpoints/${endpointId}/enable`);
  }

  resend(deliveryId: string): Promise<OperatorDeliveryView> {
    return this.http.send(RECORD, 'POST', `/deliveries/${deliveryId}/resend`);
  }

  settings(tenant: string, signal?: AbortSignal): Promise<OperatorSettingsView> {
    return this.http.get(['tenant', 'string'], settingsOf(tenant), {}, signal);
  }

  /** Replaces all previous settings. */
  setSettings(tenant: string, settings: SettingsInput): Promise<OperatorSettingsView> {
    return this.http.send(['tenant', 'string'], 'PUT', settingsOf(tenant), settings);
  }

  resetSettings(tenant: string): Promise<OperatorSettingsView> {
    return this.http.send(['tenant', 'string'], 'DELETE', settingsOf(tenant));
  }

  jobs(query: Page, signal?: AbortSignal): Promise<WebhookPageView<OperatorJobView>> {
    return this.http.get(LIST, '/jobs', query, signal);
  }

  job(id: string, signal?: AbortSignal): Promise<OperatorJobView> {
    return this.http.get(RECORD, `/jobs/${id}`, {}, signal);
  }

  preview(job: JobRequest, signal?: AbortSignal): Promise<{ total: number; isMore: boolean }> {
    return this.http.send(['total', 'number'], 'POST', '/jobs/preview', job, signal);
  }

  start(job: JobRequest): Promise<OperatorJobView> {
    return this.http.send(RECORD, 'POST', '/jobs', job);
  }

  stop(id: string): Promise<OperatorJobView> {
    return this.http.send(RECORD, 'POST', `/jobs/${id}/stop`);
  }

  audit(query: Page, signal?: AbortSignal): Promise<WebhookPageView<OperatorAuditView>> {
    return this.http.get(LIST, '/audit', query, signal);
  }
}
