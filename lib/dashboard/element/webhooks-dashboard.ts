import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ApiError } from './api/api-error.js';
import type { WebhookEventTypeDescription, WebhookSettingsView } from './api/api-types.js';
import { Http } from './api/http.js';
import { WebhooksApi } from './api/webhooks-api.js';
import type { DashboardContext } from './dashboard-view.js';
import { link } from './parts/link.js';
import { modal } from './parts/modal.js';
import { failure } from './parts/states.js';
import type { WebhooksDashboard as PublicElement, RequestHeaders } from './public.js';
import { formatView, type Route } from './routing/route.js';
import { Router } from './routing/router.js';
import { once } from './state/once.js';
import { styles } from './styles/index.js';

const TOAST_MS = 6_000;
const MAIN_VIEWS: readonly [string, Route][] = [
  ['Webhooks', { view: 'webhooks' }],
  ['Events', { view: 'events' }],
  ['Event types', { view: 'event-types' }],
];

interface Toast {
  readonly message: string | TemplateResult;
  readonly kind: 'success' | 'error';
}

/**
 * `<webhooks-dashboard>`: everything that a customer does with webhooks, over the REST routes of the module.
 *
 * Attributes: `api-url` (the path of the routes; not needed where the module serves this script), `routing="hash"`
 * (keeps the place behind `#`), `theme` (`light` or `dark`; else as the system), `credentials` (as of `fetch`;
 * default `same-origin`). Property: `requestHeaders`, an object or a function that gives one. Event:
 * `webhooks-unauthorized`, when the routes answer 401.
 */
export class WebhooksDashboard extends LitElement implements DashboardContext, PublicElement {
  static override styles = styles;
  static override properties = {
    apiUrl: { attribute: 'api-url' },
    routing: {},
    credentials: {},
    requestHeaders: { attribute: false },
    toasts: { state: true },
  };
  declare apiUrl: string | undefined;
  declare routing: string | undefined;
  declare credentials: RequestCredentials | undefined;
  declare requestHeaders: RequestHeaders | undefined;
  declare private toasts: readonly Toast[];

  api!: WebhooksApi;
  eventTypes!: () => Promise<readonly WebhookEventTypeDescription[]>;
  settings!: () => Promise<WebhookSettingsView>;
  private readonly router = new Router(this, () => this.routing === 'hash');
  private shown: string | undefined;

  constructor() {
    super();
    this.toasts = [];
  }

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

  notify(message: string | TemplateResult, kind: Toast['kind'] = 'success'): void {
    const toast = { message, kind };
    this.toasts = [...this.toasts.slice(-2), toast];
    window.setTimeout(() => (this.toasts = this.toasts.filter((other) => other !== toast)), TOAST_MS);
  }

  /** A link carries cookies, but none of `requestHeaders`. */
  guideUrl({ guide }: WebhookSettingsView): string | undefined {
    if (guide === 'none' || (guide === 'guarded' && this.requestHeaders)) return undefined;
    return `${this.baseUrl().replace(/\/+$/, '')}/guide`;
  }

  private baseUrl(): string {
    return this.apiUrl ?? ownApiUrl() ?? '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.api && !changed.has('apiUrl') && !changed.has('credentials')) return;
    const http = new Http({
      baseUrl: this.baseUrl(),
      // A function, so that the property may be set later than the attribute.
      headers: () => {
        const headers = this.requestHeaders ?? {};
        return typeof headers === 'function' ? headers() : headers;
      },
      credentials: this.credentials ?? 'same-origin',
      unauthorized: () =>
        this.dispatchEvent(new CustomEvent('webhooks-unauthorized', { bubbles: true, composed: true })),
    });
    this.api = new WebhooksApi(http);
    this.eventTypes = once(async () => (await this.api.eventTypes()).data);
    this.settings = once(() => this.api.settings());
  }

  protected override render(): TemplateResult {
    if (this.apiUrl === undefined && ownApiUrl() === undefined) {
      const problem = 'api-url is missing: write <webhooks-dashboard api-url="/webhooks">.';
      return failure(new ApiError(problem, 0, 'no-api-url'));
    }
    const { route } = this.router;
    return html`<div class="dashboard">
      <nav class="tabs main" aria-label="Webhooks">
        ${MAIN_VIEWS.map(([label, target]) => link(this, target, label, { class: '', current: sectionOf(route) === target.view }))}
      </nav>
      <section>${this.view(route)}</section>
      ${this.router.leave ? this.question(this.router.leave) : nothing}
      <div class="toasts" role="status">
        ${this.toasts.map(({ message, kind }) => html`<div class="toast ${kind}"><span>${message}</span></div>`)}
      </div>
    </div>`;
  }

  protected override updated(): void {
    const shown = formatView(this.router.route);
    // At the first view the focus stays where the page has it.
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
    }
  }

  private question(leave: () => void): TemplateResult {
    const stay = (): void => this.router.stay();
    return modal({
      heading: 'Discard changes?',
      body: html`<p>What you changed here is not saved.</p>`,
      foot: html`<button type="button" class="button" @click=${stay}>Keep editing</button>
        <button type="button" class="button danger" @click=${leave}>Discard changes</button>`,
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

/** The tabs of one webhook are under one heading. */
const isTab = (before: string, after: string): boolean => headOf(before) === headOf(after);
const headOf = (path: string): string => path.split('/').slice(0, 3).join('/');

/** The routes stand above the script that the module serves; a bundle stands anywhere. */
function ownApiUrl(): string | undefined {
  const { pathname, href } = new URL(import.meta.url);
  return pathname.endsWith('/dashboard/element.js') ? new URL('..', href).href : undefined;
}
