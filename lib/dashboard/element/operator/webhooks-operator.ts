import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { ApiError } from '../api/api-error.js';
import { Http } from '../api/http.js';
import { icon } from '../parts/icon.js';
import { link } from '../parts/link.js';
import { failure } from '../parts/states.js';
import type { Toast, WebhooksToasts } from '../parts/toasts.js';
import type { RequestHeaders } from '../public.js';
import { styles } from '../styles/index.js';
import { chooseLanguage } from '../texts/choose-language.js';
import { InnerElement } from '../texts/inner-element.js';
import { speak } from '../texts/language.js';
import { TEXTS_CAME } from '../texts/shipped.js';
import { t } from '../texts/t.js';
import { OperatorApi } from './operator-api.js';
import type { OperatorContext, Question } from './operator-view.js';
import type { WebhooksOperatorElement as PublicElement } from './public.js';
import { formatView, type OperatorRoute, type Section } from './route.js';
import { OperatorRouter } from './router.js';
import { operatorStyles } from './styles.js';

const NAV = [
  'now',
  'tenants',
  'endpoints',
  'deliveries',
  'jobs',
  'audit',
] as const satisfies readonly Section[];

/**
 * `<webhooks-operator>`: what people who run the app can see and do over all tenants, with the routes of the option
 * `operator`.
 *
 * Attributes and properties: those of `<webhooks-dashboard>`, except `messages`.
 */
export class WebhooksOperatorElement extends LitElement implements OperatorContext, PublicElement {
  static override styles = [...styles, operatorStyles];
  static override properties = {
    apiUrl: { attribute: 'api-url' },
    routing: {},
    credentials: {},
    requestHeaders: { attribute: false },
    locale: {},
    question: { state: true },
    changes: { state: true },
  };
  declare apiUrl: string | undefined;
  declare routing: string | undefined;
  declare credentials: RequestCredentials | undefined;
  declare requestHeaders: RequestHeaders | undefined;
  declare locale: string | undefined;
  /** The question that is open. */
  declare private question: Question | undefined;
  declare private changes: number;

  /** The language of everything in the element. */
  language = chooseLanguage(undefined);
  api!: OperatorApi;
  private readonly router = new OperatorRouter(this, () => this.routing === 'hash');
  private shown: string | undefined;

  constructor() {
    super();
    this.changes = 0;
  }

  go(route: OperatorRoute, options?: { replace?: boolean }): void {
    this.router.go(route, options);
  }

  href(route: OperatorRoute): string | undefined {
    return this.router.href(route);
  }

  notify(message: Toast['message'], kind: Toast['kind'] = 'success'): void {
    this.renderRoot.querySelector<WebhooksToasts>('webhooks-toasts')?.add({ message, kind });
  }

  ask(question: Question): void {
    this.question = question;
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

  private readonly speak = (): void => {
    this.language = chooseLanguage(this.locale);
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
    if (changed.has('locale')) {
      this.speak();
      speak(this.language);
    }
    if (this.api && !changed.has('apiUrl') && !changed.has('credentials')) return;
    const http = new Http({
      baseUrl: this.apiUrl ?? ownApiUrl() ?? '',
      // A function, because the property may be set after the attribute.
      headers: () => {
        const headers = this.requestHeaders ?? {};
        return typeof headers === 'function' ? headers() : headers;
      },
      locale: () => this.language.locale,
      credentials: this.credentials ?? 'same-origin',
      unauthorized: () =>
        this.dispatchEvent(new CustomEvent('webhooks-unauthorized', { bubbles: true, composed: true })),
    });
    this.api = new OperatorApi(http);
  }

  protected override render(): TemplateResult {
    if (this.apiUrl === undefined && ownApiUrl() === undefined) {
      return failure(new ApiError('api-url is missing', 0, 'no-api-url'));
    }
    const { route } = this.router;
    return html`<div class="dashboard" lang=${this.language.locale}>
      <div class="operator-head">
        <nav class="tabs main" aria-label=${t('ops.nav')}>
          ${NAV.map((section) =>
            link(this, { section }, t(`ops.nav.${section}`), {
              class: '',
              current: sectionOf(route) === section,
            }),
          )}
        </nav>
        <form role="search" @submit=${this.search}>
          <input
            class="input"
            type="search"
            name="q"
            maxlength="2048"
            placeholder=${t('ops.search')}
            aria-label=${t('ops.search')}
            .value=${route.section === 'search' ? (route.query?.q ?? '') : ''}
          />
          <button type="submit" class="button icon" aria-label=${t('ops.search.heading')}>
            ${icon('search')}
          </button>
        </form>
      </div>
      <section>${keyed(formatView(route), this.view(route))}</section>
      ${this.question ? this.asking(this.question) : nothing}
      <webhooks-toasts .language=${this.language}></webhooks-toasts>
    </div>`;
  }

  protected override updated(): void {
    const shown = formatView(this.router.route);
    // The first view must not take the focus from the page.
    if (this.shown !== undefined && this.shown !== shown) void this.focusHeading();
    this.shown = shown;
  }

  private readonly search = (event: Event): void => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).querySelector('input')!;
    const q = field.value.trim();
    if (q !== '') this.go({ section: 'search', query: { q } });
  };

  private view(route: OperatorRoute): TemplateResult {
    const { changes } = this;
    switch (route.section) {
      case 'tenants':
        return html`<webhooks-operator-tenants
          .context=${this}
          .route=${route}
          .changes=${changes}
        ></webhooks-operator-tenants>`;
      case 'tenant':
        return html`<webhooks-operator-tenant
          .context=${this}
          .route=${route}
          .changes=${changes}
        ></webhooks-operator-tenant>`;
      case 'settings':
        return html`<webhooks-operator-settings
          .context=${this}
          .route=${route}
          .changes=${changes}
        ></webhooks-operator-settings>`;
      case 'endpoints':
        return route.id === undefined
          ? html`<webhooks-operator-endpoints
              .context=${this}
              .route=${route}
              .changes=${changes}
            ></webhooks-operator-endpoints>`
          : html`<webhooks-operator-endpoint
              .context=${this}
              .route=${route}
              .changes=${changes}
            ></webhooks-operator-endpoint>`;
      case 'deliveries':
        return route.id === undefined
          ? html`<webhooks-operator-deliveries
              .context=${this}
              .route=${route}
              .changes=${changes}
            ></webhooks-operator-deliveries>`
          : html`<webhooks-operator-delivery
              .context=${this}
              .route=${route}
              .changes=${changes}
            ></webhooks-operator-delivery>`;
      case 'events':
        return html`<webhooks-operator-event
          .context=${this}
          .route=${route}
          .changes=${changes}
        ></webhooks-operator-event>`;
      case 'search':
        return html`<webhooks-operator-search
          .context=${this}
          .route=${route}
          .changes=${changes}
        ></webhooks-operator-search>`;
      case 'jobs':
        return route.id === undefined
          ? html`<webhooks-operator-jobs
              .context=${this}
              .route=${route}
              .changes=${changes}
            ></webhooks-operator-jobs>`
          : route.id === 'new'
            ? html`<webhooks-operator-job-form
                .context=${this}
                .route=${route}
                .changes=${changes}
              ></webhooks-operator-job-form>`
            : html`<webhooks-operator-job
                .context=${this}
                .route=${route}
                .changes=${changes}
              ></webhooks-operator-job>`;
      case 'audit':
        return html`<webhooks-operator-audit
          .context=${this}
          .route=${route}
          .changes=${changes}
        ></webhooks-operator-audit>`;
      default:
        return html`<webhooks-operator-now
          .context=${this}
          .route=${route}
          .changes=${changes}
        ></webhooks-operator-now>`;
    }
  }

  private asking(question: Question): TemplateResult {
    return html`<webhooks-operator-question
      .question=${question}
      @close=${() => (this.question = undefined)}
      @done=${() => {
        this.question = undefined;
        this.changes += 1;
        this.notify(question.done);
      }}
    ></webhooks-operator-question>`;
  }

  private async focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('section h2')?.focus();
  }
}

const sectionOf = ({ section }: OperatorRoute): Section =>
  section === 'tenant' || section === 'settings' ? 'tenants' : section === 'events' ? 'deliveries' : section;

/** The routes are above the script that the module serves. The URL of a bundle says nothing about them. */
function ownApiUrl(): string | undefined {
  const { pathname, href } = new URL(import.meta.url);
  return pathname.endsWith('/page/operator.js') ? new URL('..', href).href : undefined;
}
