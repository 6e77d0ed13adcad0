import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { WebhookGuideSection, WebhookGuideView, WebhookSettingsView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { textOf } from '../parts/guide-nodes.js';
import { groupsOf, guideGroup } from '../parts/guide-sections.js';
import { icon } from '../parts/icon.js';
import { link } from '../parts/link.js';
import { requestGuide } from '../parts/request-guide.js';
import { failure, loadingRows } from '../parts/states.js';
import { Loader } from '../state/loader.js';
import { ShownSection } from '../state/shown-section.js';
import { language } from '../texts/language.js';
import { t } from '../texts/t.js';

interface Guide {
  readonly settings: WebhookSettingsView;
  /** `undefined` if the app has no guide. */
  readonly guide: WebhookGuideView | undefined;
}

/** Shows the guide for developers who receive webhooks, scrolled to `section`. */
export class GuideView extends DashboardView {
  static override properties = { ...super.properties, section: { attribute: false } };
  declare section: string | undefined;

  private readonly loader = new Loader<Guide>(this, async () => {
    const settings = await this.context.settings();
    return { settings, guide: settings.guide === 'none' ? undefined : await this.context.guide() };
  });
  private readonly shown = new ShownSection(this, () => (this.loader.value ? this.section : undefined));

  protected override firstUpdated(): void {
    void this.loader.run();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return html`<div class="stack loose">
      <div class="page-head">
        <h2 tabindex="-1" class="break">${value?.guide?.title ?? t('nav.guide')}</h2>
        ${value?.guide && this.context.opensGuide(value.settings) ? this.page() : nothing}
      </div>
      ${
        value
          ? this.content(value)
          : html`<div class="card">
              ${error ? failure(error, () => void this.loader.run()) : loadingRows(8)}
            </div>`
      }
    </div>`;
  }

  /** A link to the guide as a page: to print, or for people without access to the dashboard. */
  private page(): TemplateResult {
    return html`<a class="button" href=${this.context.guideUrl} target="_blank" rel="noreferrer">
      ${icon('forward')} ${t('guide.open-page')}
    </a>`;
  }

  private content({ settings, guide }: Guide): TemplateResult {
    if (!guide) return html`<article class="card padded">${requestGuide(settings)}</article>`;
    return html`<div class="catalogue">
      <div class="catalogue-side">
        <select class="input" aria-label=${t('guide.go-to')} @change=${this.choose}>
          ${guide.sections.map(
            ({ id, level, title }) =>
              html`<option value=${id} .selected=${id === this.section}>
                ${'\u2003'.repeat(level - 2)}${textOf(title)}
              </option>`,
          )}
        </select>
        <nav aria-label=${t('guide.sections')} @click=${() => this.shown.again()}>
          <ul>
            ${this.listed(guide.sections).map((section) => html`<li>${this.sectionLink(section)}</li>`)}
          </ul>
        </nav>
      </div>
      <article class="card padded guide">
        ${guard([guide, this.section, language()], () =>
          groupsOf(guide.sections).map((group) => guideGroup(this.context, group, this.section)),
        )}
      </article>
    </div>`;
  }

  /** Leaves out the sections of details, such as one event type, except those around the current section. */
  private listed(sections: readonly WebhookGuideSection[]): readonly WebhookGuideSection[] {
    const parents = sections.map((_, index) =>
      sections.findLastIndex(({ level }, at) => at <= index && level < 4),
    );
    const current = parents[sections.findIndex(({ id }) => id === this.section)];
    return sections.filter(({ level }, index) => level < 4 || parents[index] === current);
  }

  private sectionLink({ id, level, title }: WebhookGuideSection): TemplateResult {
    return link(this.context, { view: 'guide', section: id }, textOf(title), {
      class: `side-link level-${level}`,
      current: id === this.section,
    });
  }

  private readonly choose = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    // With the keyboard, a select changes at each step, so it must keep the focus.
    this.shown.again(select);
    this.context.go({ view: 'guide', section: select.value });
  };
}
