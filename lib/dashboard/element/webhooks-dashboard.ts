import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { ApiError } from './api/api-error.js';
import type { WebhookEventTypeDescription, WebhookGuideView, WebhookSettingsView } from './api/api-types.js';
import { Http } from './api/http.js';
import { WebhooksApi } from './api/webhooks-api.js';
import type { DashboardContext } from './dashboard-view.js';
import { later } from './parts/later.js';
import { link } from './parts/link.js';
import { modal } from './parts/modal.js';
import { failure } from './parts/states.js';
import type { Toast, ToastAction, WebhooksToasts } from './parts/toasts.js';
import type { WebhooksDashboard as PublicElement, RequestHeaders } from './public.js';
import { formatView, type Route } from './routing/route.js';
import { Router } from './routing/router.js';
import { once } from './state/once.js';
import { styles } from './styles/index.js';
import { chooseLanguage } from './texts/choose-language.js';
import { InnerElement } from './texts/inner-element.js';
import { speak } from './texts/language.js';
import { TEXTS_CAME, type MessagesByLanguage } from './texts/shipped.js';
import { t } from './texts/t.js';

const MAIN_VIEWS = [
  ['nav.webhooks', { view: 'webhooks' }],
  ['nav.events', { view: 'events' }],
  ['nav.event-types', { view: 'event-types' }],
  ['nav.guide', { view: 'guide' }],
] as const;

/**
 * `<webhooks-dashboard>`: everything that a customer does with webhooks, over the REST routes of the module.
 *
 * Attributes: `api-url` (the path of the routes; not needed where the module serves this script), `routing="hash"`
 * (keeps the place behind `#`), `theme` (`light` or `dark`; else as the system), `credentials` (as of `fetch`;
 * default `same-origin`), `locale` (BCP 47; else the reader's, as far as there are texts in it). Properties:
 * `requestHeaders`, an object or a function that gives one; `messages`, texts by language. Event:
 * `webhooks-unauthorized`, when the routes answer 401.
 */
export class WebhooksDashboard extends LitElement implements DashboardContext, PublicElement {
  static override styles = styles;
  static override properties = {
    apiUrl: { attribute: 'api-url' },
    routing: {},
    credentials: {},
    requestHeaders: { attribute: false },
    locale: {},
    messages: { attribute: false },
  };
  declare apiUrl: string | undefined;
  declare routing: string | undefined;
  declare credentials: RequestCredentials | undefined;
  declare requestHeaders: RequestHeaders | undefined;
  declare locale: string | undefined;
  declare messages: MessagesByLanguage | undefined;

  /** The language of everything in the element. */
  language = chooseLanguage(undefined);
  /** Increases when the language changes, so that the view renders from scratch. */
  private shownIn = 0;
  api!: WebhooksApi;
  eventTypes!: () => Promise<readonly WebhookEventTypeDescription[]>;
  settings!: () => Promise<WebhookSettingsView>;
  guide!: () => Promise<WebhookGuideView>;
  private readonly router = new Router(this, () => this.routing === 'hash');
  private shown: string | undefined;

  go(route: Route, options?: { replace?: boolean }): void {
    this.router.go(route, options);
  }

  close(view: Route): void {
    this.router.close(view);
  }

  href(route: Route): string | undefined {
    return this.router.href(route);
  }

  keep(isUnsaved: () => boolean): void {
    this.router.unsaved = isUnsaved;
  }

  notify(message: Toast['message'], kind: Toast['kind'] = 'success', action?: ToastAction): void {
    this.renderRoot.querySelector<WebhooksToasts>('webhooks-toasts')?.add({ message, kind, action });
  }

  /** A link carries cookies, but not the `requestHeaders`. */
  opensGuide({ guide }: WebhookSettingsView): boolean {
    return guide === 'public' || !this.requestHeaders;
  }

  get guideUrl(): string {
    return new URL(`${this.baseUrl().replace(/\/+$/, '')}/guide`, document.baseURI).href;
  }

  private baseUrl(): string {
    return this.apiUrl ?? ownApiUrl() ?? '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(TEXTS_CAME, this.speak);
    this.speak();
  }

  override disconnectedCallback(): void {
    window.removeEventListener(TEXTS_CAME, this.speak);
    super.disconnectedCallback();
  }

  /**
   * Renders everything in the current language. Loads the app's texts of its events again, unless a form has unsaved
   * changes.
   */
  private readonly speak = (): void => {
    const before = this.language.locale;
    this.language = chooseLanguage(this.locale, this.messages);
    if (before !== this.language.locale) {
      this.eventTypes = once(async () => (await this.api.eventTypes()).data);
      if (!this.router.unsaved()) this.shownIn += 1;
    }
    this.requestUpdate();
    for (const part of this.renderRoot?.querySelectorAll('*') ?? []) {
      if (part instanceof InnerElement) part.requestUpdate();
    }
  };

  protected override performUpdate(): void {
    speak(this.language);
    super.performUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('locale') || changed.has('messages')) {
      this.speak();
      speak(this.language);
    }
    if (this.api && !changed.has('apiUrl') && !changed.has('credentials')) return;
    const http = new Http({
      baseUrl: this.baseUrl(),
      // A function, because the property may be set after the attribute.
      headers: () => {
        const headers = this.requestHeaders ?? {};
        return typeof headers === 'function' ? headers() : headers;
      },
      locale: () => this.language.locale,
      credentials: this.credentials ?? 'same-origin',
      refused: () => later().catch(() => undefined),
      unauthorized: () =>
        this.dispatchEvent(new CustomEvent('webhooks-unauthorized', { bubbles: true, composed: true })),
    });
    this.api = new WebhooksApi(http);
    this.eventTypes = once(async () => (await this.api.eventTypes()).data);
    this.settings = once(() => this.api.settings());
    this.guide = once(() => this.api.guide());
  }

  protected override render(): TemplateResult {
    if (this.apiUrl === undefined && ownApiUrl() === undefined) {
      return failure(new ApiError('api-url is missing', 0, 'no-api-url'));
    }
    const { route } = this.router;
    return html`<div class="dashboard" lang=${this.language.locale}>
      <nav class="tabs main" aria-label=${t('nav.webhooks')}>
        ${MAIN_VIEWS.map(([label, target]) => link(this, target, t(label), { class: '', current: sectionOf(route) === target.view }))}
      </nav>
      <section>${keyed(this.shownIn, this.view(route))}</section>
      ${this.router.leave ? this.question(this.router.leave) : nothing}
      <webhooks-toasts .language=${this.language}></webhooks-toasts>
    </div>`;
  }

  protected override updated(): void {
    const shown = formatView(this.router.route);
    // The first view must not take the focus from the page.
    if (this.shown !== undefined && this.shown !== shown && !isTab(this.shown, shown))
      void this.focusHeading();
    this.shown = shown;
  }

  private view(route: Route): unknown {
    switch (route.view) {
      case 'webhooks':
        return html`<webhooks-list .context=${this} .query=${route.query}></webhooks-list>`;
      case 'new':
        return html`<webhooks-form .context=${this}></webhooks-form>`;
      case 'edit':
        return html`<webhooks-form .context=${this} .endpointId=${route.id}></webhooks-form>`;
      case 'webhook':
        return html`<webhooks-detail
          .context=${this}
          .endpointId=${route.id}
          .tab=${route.tab}
          .delivery=${route.delivery}
          .query=${route.query}
        ></webhooks-detail>`;
      case 'events':
        return html`<webhooks-event-list .context=${this} .query=${route.query}></webhooks-event-list>`;
      case 'event':
        return html`<webhooks-event .context=${this} .eventId=${route.id}></webhooks-event>`;
      case 'event-types':
        return html`<webhooks-event-types
          .context=${this}
          .type=${route.type}
          .query=${route.query}
        ></webhooks-event-types>`;
      case 'guide':
        return html`<webhooks-guide .context=${this} .section=${route.section}></webhooks-guide>`;
    }
  }

  private question(leave: () => void): TemplateResult {
    const stay = (): void => this.router.stay();
    return modal({
      heading: t('discard.heading'),
      body: html`<p>${t('discard.text')}</p>`,
      foot: html`<button type="button" class="button" @click=${stay}>${t('discard.keep')}</button>
        <button type="button" class="button danger" @click=${leave}>${t('discard.discard')}</button>`,
      close: stay,
    });
  }

  private async focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('section h2')?.focus();
  }
}

const sectionOf = ({ view }: Route): Route['view'] =>
  view === 'event' ? 'events' : view === 'new' || view === 'webhook' || view === 'edit' ? 'webhooks' : view;

/** The tabs of one webhook share a heading. */
const isTab = (before: string, after: string): boolean => headOf(before) === headOf(after);
const headOf = (path: string): string => path.split('/').slice(0, 3).join('/');

/** The routes are above the script that the module serves. The URL of a bundle says nothing about them. */
function ownApiUrl(): string | undefined {
  const { pathname, href } = new URL(import.meta.url);
  return pathname.endsWith('/dashboard/element.js') ? new URL('..', href).href : undefined;
}
