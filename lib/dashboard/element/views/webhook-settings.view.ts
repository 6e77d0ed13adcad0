import { html, nothing, type TemplateResult } from 'lit';
import type {
  WebhookEndpointView,
  WebhookEventTypeDescription,
  WebhookSettingsView as AppSettings,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { covers } from '../parts/event-patterns.js';
import { filterTexts } from '../parts/filter-rows.js';
import { icon } from '../parts/icon.js';
import { link } from '../parts/link.js';
import { verifying } from '../parts/secret-box.js';
import { failure, loadingRows } from '../parts/states.js';
import { time } from '../parts/time.js';
import { Loader } from '../state/loader.js';
import { t } from '../texts/t.js';

interface Loaded {
  readonly types: readonly WebhookEventTypeDescription[];
  readonly settings: AppSettings;
}

/** Shows the settings of a webhook and its secret, and can delete it. */
export class WebhookSettingsView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    valuesShown: { state: true },
    deleting: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  /** Whether header values are visible. They may be credentials. */
  declare private valuesShown: boolean;
  declare private deleting: boolean;

  private readonly loader = new Loader<Loaded>(this, async () => {
    const [types, settings] = await Promise.all([this.context.eventTypes(), this.context.settings()]);
    return { types, settings };
  });

  constructor() {
    super();
    this.valuesShown = false;
    this.deleting = false;
  }

  protected override firstUpdated(): void {
    void this.loader.run();
  }

  protected override render(): TemplateResult {
    const { endpoint, context } = this;
    return html`<div class="stack loose settings">
      ${this.facts(endpoint)}
      <webhooks-secret .context=${context} .endpoint=${endpoint}></webhooks-secret>
      ${this.verification()} ${this.danger()}
      ${
        this.deleting
          ? html`<webhooks-delete-dialog
              .context=${context}
              .endpoint=${endpoint}
              @close=${() => (this.deleting = false)}
            ></webhooks-delete-dialog>`
          : nothing
      }
    </div>`;
  }

  private facts(endpoint: WebhookEndpointView): TemplateResult {
    const { id, url, description, rateLimit, concurrency, createdAt, updatedAt } = endpoint;
    return html`<section class="card" aria-labelledby="facts-heading">
      <div class="card-head">
        <h3 id="facts-heading">${t('settings.details')}</h3>
        ${link(this.context, { view: 'edit', id }, html`${icon('edit', 14)} ${t('edit')}`, {
          class: 'button small',
          label: t('settings.edit'),
        })}
      </div>
      <dl class="facts section-body">
        <dt>${t('settings.url')}</dt>
        <dd><code>${url}</code></dd>
        <dt>${t('settings.events')}</dt>
        <dd>${this.events(endpoint)}</dd>
        <dt>${t('settings.filter')}</dt>
        <dd>${this.filter(endpoint)}</dd>
        <dt>${t('settings.description')}</dt>
        <dd class="pre-line">${description ?? none()}</dd>
        <dt>${t('settings.headers')}</dt>
        <dd>${this.headers(endpoint)}</dd>
        <dt>${t('settings.rate-limit')}</dt>
        <dd class="numeric">
          ${rateLimit === null ? none(t('settings.no-limit')) : t('settings.per-second', { count: rateLimit })}
        </dd>
        <dt>${t('settings.concurrency')}</dt>
        <dd class="numeric">${concurrency ?? none(t('settings.any-concurrency'))}</dd>
        ${this.form(endpoint)}
        <dt>${t('settings.created')}</dt>
        <dd>${time(createdAt)}</dd>
        <dt>${t('settings.changed')}</dt>
        <dd>${time(updatedAt)}</dd>
      </dl>
    </section>`;
  }

  private events({ events }: WebhookEndpointView): TemplateResult {
    return html`<ul class="event-facts">
      ${events.map(
        (pattern) =>
          html`<li>
            <span class="chip">${pattern}</span> <span class="muted">${this.meaning(pattern)}</span>
          </li>`,
      )}
    </ul>`;
  }

  private filter({ filter }: WebhookEndpointView): unknown {
    if (!filter) return none(t('settings.no-filter'));
    const texts = filterTexts(filter);
    return html`${texts.length > 1 ? t('any' in filter ? 'settings.any-of' : 'settings.all-of') : nothing}
      <ul class="event-facts">
        ${texts.map((text) => html`<li><code>${text}</code></li>`)}
      </ul>`;
  }

  /** Shows the format and version of the events unless both are the default. */
  private form({ representation, version }: WebhookEndpointView): TemplateResult {
    const versions = this.loader.value?.settings.versions ?? [];
    const own = version ?? versions[0]?.version;
    const newest = versions.at(-1)?.version;
    const fact = (name: string, value: string): TemplateResult =>
      html`<dt>${name}</dt>
        <dd><code>${value}</code></dd>`;
    return html`${
      representation === 'envelope'
        ? nothing
        : fact(t('representation'), typeof representation === 'string' ? representation : 'template')
    }
    ${newest && own !== newest ? fact(t('settings.version'), own!) : nothing}`;
  }

  private meaning(pattern: string): string {
    const types = this.loader.value?.types;
    if (pattern === '*') return t('settings.all-events');
    if (!types) return '';
    const known = types.find(({ type }) => type === pattern);
    if (known) return known.description;
    const count = types.filter(({ type }) => covers(new Set([pattern]), type)).length;
    if (count === 0) return t('discontinued');
    return t('settings.group', { count });
  }

  private headers({ headers }: WebhookEndpointView): unknown {
    const entries = Object.entries(headers);
    if (entries.length === 0) return none();
    return html`<ul class="header-facts">
        ${entries.map(
          ([name, value]) =>
            html`<li>
              <code
                >${name}: ${this.valuesShown ? value : html`<span aria-hidden="true">••••••••</span>`}</code
              >
              ${this.valuesShown ? nothing : html`<span class="sr-only">${t('settings.hidden')}</span>`}
            </li>`,
        )}
      </ul>
      <button type="button" class="link small" @click=${() => (this.valuesShown = !this.valuesShown)}>
        ${t(this.valuesShown ? 'settings.hide-values' : 'settings.show-values')}
      </button>`;
  }

  private verification(): TemplateResult {
    const { value, error } = this.loader;
    return html`<section class="card" aria-labelledby="verify-heading">
      <div class="card-head"><h3 id="verify-heading">${t('settings.verify')}</h3></div>
      ${
        value
          ? html`<div class="stack section-body">${verifying(value.settings)}</div>`
          : error
            ? failure(error, () => void this.loader.run())
            : loadingRows(4)
      }
    </section>`;
  }

  private danger(): TemplateResult {
    return html`<section class="card" aria-labelledby="delete-heading">
      <div class="row apart section-body">
        <div>
          <h3 id="delete-heading">${t('settings.delete')}</h3>
          <p class="muted">${t('settings.delete.text')}</p>
        </div>
        <button type="button" class="button danger-outline" @click=${() => (this.deleting = true)}>
          ${icon('trash')} ${t('settings.delete.button')}
        </button>
      </div>
    </section>`;
  }
}

const none = (text = t('none')): TemplateResult => html`<span class="muted">${text}</span>`;
