import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { byGroup } from '../../../reference/by-group.js';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { eventTypeSection, sectionId } from '../parts/event-type-section.js';
import { link } from '../parts/link.js';
import { empty, failure, loadingRows } from '../parts/states.js';
import type { Route, RouteQuery } from '../routing/route.js';
import { Loader } from '../state/loader.js';
import { ShownSection } from '../state/shown-section.js';
import { language } from '../texts/language.js';
import { rich, t } from '../texts/t.js';

type Types = readonly WebhookEventTypeDescription[];

/** Shows the catalogue of event types as reference documentation, scrolled to `type`. */
export class EventTypesView extends DashboardView {
  static override properties = {
    ...super.properties,
    type: { attribute: false },
    query: { attribute: false },
  };
  declare type: string | undefined;
  declare query: RouteQuery | undefined;

  private readonly types = new Loader<Types>(this, () => this.context.eventTypes());
  private readonly shown = new ShownSection(this, () =>
    this.type && this.types.value ? sectionId(this.type) : undefined,
  );

  private get filter(): string {
    return this.query?.filter ?? '';
  }

  protected override firstUpdated(): void {
    void this.types.run();
  }

  protected override render(): TemplateResult {
    return html`<div class="stack loose">
      <div>
        <h2 tabindex="-1">${t('types.heading')}</h2>
        <p class="muted">${t('types.intro')}</p>
        <div>${link(this.context, { view: 'guide' }, t('types.guide'))}</div>
      </div>
      ${this.content()}
    </div>`;
  }

  private content(): unknown {
    const { value, error } = this.types;
    if (!value) {
      return html`<div class="card">
        ${error ? failure(error, () => void this.types.run()) : loadingRows(8)}
      </div>`;
    }
    const matching = new Set(value.filter(matches(this.filter)).map(({ type }) => type));
    return html`<div class="catalogue">
      ${this.side(value, matching)}
      <div class="stack loose">
        ${this.unknown(value)}
        ${value.map(
          (description) =>
            html`<article
              class="card padded type"
              aria-labelledby=${sectionId(description.type)}
              ?hidden=${!matching.has(description.type)}
            >
              ${guard([description, language()], () => eventTypeSection(description))}
            </article>`,
        )}
        ${
          matching.size === 0
            ? html`<div class="card">${empty('search', t('types.no-match'), t('types.no-match.text'))}</div>`
            : nothing
        }
      </div>
    </div>`;
  }

  private side(types: Types, matching: ReadonlySet<string>): TemplateResult {
    const groups = byGroup(types.filter(({ type }) => matching.has(type)));
    return html`<div class="catalogue-side">
      <input
        class="input"
        type="search"
        placeholder=${t('picker.filter')}
        aria-label=${t('picker.filter')}
        .value=${this.filter}
        @input=${this.narrow}
      />
      <p class="sr-only" role="status">
        ${this.filter === '' ? '' : t('types.count', { count: matching.size, total: types.length })}
      </p>
      ${this.choice(groups)}
      <nav aria-label=${t('types.heading')} @click=${() => this.shown.again()}>
        ${[...groups].map(
          ([group, members]) =>
            html`<h3 class="small muted break">${group}</h3>
              <ul>
                ${members.map(({ type }) => html`<li>${this.typeLink(type)}</li>`)}
              </ul>`,
        )}
      </nav>
    </div>`;
  }

  /** Replaces the links on a narrow screen. */
  private choice(groups: ReadonlyMap<string, Types>): TemplateResult {
    return html`<select class="input" aria-label=${t('types.go-to')} @change=${this.choose}>
      <option value="" .selected=${!this.type}>${t('types.go-to')}</option>
      ${[...groups].map(
        ([group, members]) =>
          html`<optgroup label=${group}>
            ${members.map(({ type }) => html`<option value=${type} .selected=${type === this.type}>${type}</option>`)}
          </optgroup>`,
      )}
    </select>`;
  }

  private typeLink(type: string): TemplateResult {
    return link(this.context, { view: 'event-types', type }, type, {
      class: 'side-link',
      current: type === this.type,
    });
  }

  private unknown(types: Types): unknown {
    if (!this.type || types.some(({ type }) => type === this.type)) return nothing;
    return html`<div class="notice warning" role="alert">
      <strong>${rich('types.unknown', { type: html`<span class="break">${this.type}</span>` })}</strong>
      <p>${t('types.unknown.text')}</p>
    </div>`;
  }

  private readonly narrow = (event: Event): void => {
    const filter = (event.target as HTMLInputElement).value.trim();
    const route: Route = { view: 'event-types', query: { filter } };
    this.context.go(this.type ? { ...route, type: this.type } : route, { replace: true });
  };

  private readonly choose = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    const type = select.value;
    // With the keyboard, a select changes at each step, so it must keep the focus.
    this.shown.again(select);
    if (type !== '') this.context.go({ view: 'event-types', type });
  };
}

const matches =
  (filter: string) =>
  ({ type, group, description }: WebhookEventTypeDescription): boolean =>
    `${type}\n${group}\n${description}`.toLowerCase().includes(filter.toLowerCase());
