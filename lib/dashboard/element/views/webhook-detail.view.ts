import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import type { WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { icon } from '../parts/icon.js';
import { link } from '../parts/link.js';
import { empty, failure, loadingRows, outdated } from '../parts/states.js';
import { toggle } from '../parts/switch.js';
import { deferralNotice, webhookNotice, webhookStatus } from '../parts/webhook-status.js';
import { WEBHOOK_TABS, type RouteQuery, type WebhookTab } from '../routing/route.js';
import { activate } from '../state/activation.js';
import { Loader } from '../state/loader.js';
import { rememberTrouble } from '../state/missed-since.js';
import { poll } from '../state/poller.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

const REFRESH_MS = 15_000;

/** Shows one webhook: its heading, and its tabs. */
export class WebhookDetailView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpointId: { attribute: false },
    tab: { attribute: false },
    delivery: { attribute: false },
    query: { attribute: false },
    busy: { state: true },
    testing: { state: true },
    missedSince: { state: true },
    disableAfterMs: { state: true },
  };
  declare endpointId: string;
  declare tab: WebhookTab;
  declare delivery: string | undefined;
  declare query: RouteQuery | undefined;
  /** Whether a request turns it on or off at the moment. */
  declare private busy: boolean;
  declare private testing: boolean;
  /**
   * Epoch ms. The time from which the webhook may have missed events; set when the reader turns it on here.
   */
  declare private missedSince: number | undefined;
  declare private disableAfterMs: number | null;

  private readonly loader = new Loader<WebhookEndpointView>(this, async (signal) => {
    const endpoint = await this.context.api.endpoint(this.endpointId, signal);
    // A later recovery needs these times, which the routes forget when the webhook is turned on.
    rememberTrouble(endpoint);
    return endpoint;
  });

  constructor() {
    super();
    this.busy = false;
    this.testing = false;
    this.disableAfterMs = null;
    poll(this, () => (this.busy ? Promise.resolve() : this.loader.run()), REFRESH_MS);
    this.addEventListener('endpoint-changed', (event) =>
      this.take((event as CustomEvent<WebhookEndpointView>).detail),
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('endpointId')) return;
    this.testing = false;
    this.missedSince = undefined;
    void this.loader.run({ forget: true });
  }

  protected override firstUpdated(): void {
    // Only one sentence needs it, and works without it.
    this.context.settings().then(
      ({ disableAfterMs }) => (this.disableAfterMs = disableAfterMs),
      () => {},
    );
  }

  protected override render(): TemplateResult {
    const { value: endpoint, error, loading } = this.loader;
    const failed = error !== undefined && !(loading && !endpoint);
    return html`<div class="stack">
      <div>
        ${link(this.context, { view: 'webhooks' }, html`${icon('back')} ${t('list.heading')}`, { class: 'link back' })}
      </div>
      <div class="page-head">
        <div>
          <div class="row">
            <h2 tabindex="-1" class="break"><bdi>${endpoint?.name ?? t('webhook.webhook')}</bdi></h2>
            ${endpoint ? webhookStatus(endpoint) : nothing}
          </div>
          ${endpoint ? url(endpoint) : nothing}
        </div>
        ${endpoint ? this.actions(endpoint) : nothing}
      </div>
      ${
        endpoint
          ? this.content(endpoint, failed ? error : undefined)
          : html`<div class="card">${failed ? this.failed(error) : loadingRows(8)}</div>`
      }
    </div>`;
  }

  private failed(error: unknown): TemplateResult {
    if (!(error instanceof ApiError) || error.status !== 404) {
      return failure(error, () => void this.loader.run());
    }
    const back = link(this.context, { view: 'webhooks' }, t('webhook.show-all'), { class: 'button' });
    return empty('search', t('webhook.not-found'), t('webhook.not-found.text'), back);
  }

  private actions(endpoint: WebhookEndpointView): TemplateResult {
    return html`<div class="row detail-actions">
      <span class="switch-label">
        <span aria-hidden="true">${t('active')}</span>
        ${toggle({
          checked: endpoint.active,
          label: t('active'),
          busy: this.busy,
          change: (active) => void this.activate(active),
        })}
      </span>
      <button type="button" class="button" @click=${() => (this.testing = true)}>
        ${icon('send')} ${t('webhook.send-test')}
      </button>
      ${link(this.context, { view: 'edit', id: endpoint.id }, html`${icon('edit')} ${t('edit')}`, { class: 'button' })}
    </div>`;
  }

  private content(endpoint: WebhookEndpointView, error: unknown): TemplateResult {
    return html`${error ? html`<p class="problem" role="alert">${outdated(error)}</p>` : nothing}
      <div class="stack notices" aria-live="polite">
        ${webhookNotice(endpoint, this.disableAfterMs)} ${deferralNotice(endpoint, () => void this.sendNow())}
      </div>
      ${this.missed(endpoint)}
      <nav class="tabs" aria-label=${t('webhook.tabs')}>
        ${WEBHOOK_TABS.map((tab) =>
          link(this.context, { view: 'webhook', id: endpoint.id, tab }, t(`webhook.${tab}`), {
            class: '',
            current: tab === this.tab,
          }),
        )}
      </nav>
      ${this.tabContent(endpoint)} ${this.testing ? this.testDialog(endpoint) : nothing}`;
  }

  private tabContent(endpoint: WebhookEndpointView): TemplateResult {
    switch (this.tab) {
      case 'overview':
        return html`<webhooks-overview
          .context=${this.context}
          .endpoint=${endpoint}
          .query=${this.query}
        ></webhooks-overview>`;
      case 'deliveries':
        return html`<webhooks-delivery-list
          .context=${this.context}
          .endpoint=${endpoint}
          .delivery=${this.delivery}
          .query=${this.query}
        ></webhooks-delivery-list>`;
      case 'settings':
        return html`<webhooks-settings .context=${this.context} .endpoint=${endpoint}></webhooks-settings>`;
      case 'changes':
        return html`<webhooks-later
          .content=${() =>
            html`<webhooks-changes .context=${this.context} .endpoint=${endpoint}></webhooks-changes>`}
        ></webhooks-later>`;
    }
  }

  private missed(endpoint: WebhookEndpointView): unknown {
    if (this.missedSince === undefined) return nothing;
    return html`<webhooks-missed
      .context=${this.context}
      .endpoint=${endpoint}
      .since=${this.missedSince}
      @close=${() => (this.missedSince = undefined)}
    ></webhooks-missed>`;
  }

  private testDialog(endpoint: WebhookEndpointView): TemplateResult {
    const close = (): void => {
      this.testing = false;
      void this.loader.run();
    };
    return html`<webhooks-test
      .context=${this.context}
      .endpoint=${endpoint}
      @close=${close}
    ></webhooks-test>`;
  }

  private async activate(active: boolean): Promise<void> {
    this.busy = true;
    await activate(this.context, this.loader.value!, active, (endpoint, since) => {
      this.take(endpoint);
      this.missedSince = since;
    });
    this.busy = false;
  }

  /** Sending the URL, even unchanged, makes the server forget the pause. */
  private readonly sendNow = async (): Promise<void> => {
    const { id, url: same } = this.loader.value!;
    try {
      this.take(await this.context.api.update(id, { url: same }));
    } catch (error) {
      this.context.notify(() => messageOf(error), 'error');
    }
  };

  private take(endpoint: WebhookEndpointView): void {
    if (endpoint.id !== this.endpointId) return;
    rememberTrouble(endpoint);
    this.loader.set(endpoint);
  }
}

const url = ({ url: text }: WebhookEndpointView): TemplateResult =>
  html`<div class="row detail-url">
    <code class="break" title=${text}>${text}</code>
    <webhooks-copy-button .text=${text} label=${t('webhook.copy-url')}></webhooks-copy-button>
  </div>`;
