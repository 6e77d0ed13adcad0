import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { WebhookEventTypeDescription, WebhookRepresentedView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { codeBlock } from '../parts/code-block.js';
import { headersTable } from '../parts/headers-table.js';
import { prettyJson } from '../parts/json.js';
import { loadingRows } from '../parts/states.js';
import { Debounce } from '../state/debounce.js';
import { Loader } from '../state/loader.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';
import type { Advanced } from '../views/form-values.js';

const AFTER_MS = 300;

/** Shows an event in the chosen format and version. */
export class WebhooksFormPreview extends DashboardView {
  static override properties = {
    ...super.properties,
    types: { attribute: false },
    representation: { attribute: false },
    version: { attribute: false },
    type: { state: true },
  };
  /** The event types that the webhook receives. */
  declare types: readonly WebhookEventTypeDescription[];
  /** `undefined` if the current input can't be shown. The last preview then stays. */
  declare representation: Advanced['representation'];
  declare version: string;
  declare private type: string | undefined;
  private asked = '';

  private readonly loader = new Loader<WebhookRepresentedView>(this, (signal) => {
    const { representation, version } = this;
    return this.context.api.represented(
      { representation: representation!, eventType: this.shownType, ...(version && { version }) },
      signal,
    );
  });
  private readonly soon = new Debounce(this, () => void this.loader.run(), AFTER_MS);

  private get shownType(): string {
    return (this.types.find(({ type }) => type === this.type) ?? this.types[0]!).type;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { representation, version } = this;
    if (representation === undefined || (this.hasUpdated && changed.size === 0)) return;
    const asked = JSON.stringify([representation, version, this.shownType]);
    if (asked === this.asked) return;
    const isFirst = this.asked === '';
    this.asked = asked;
    if (isFirst) void this.loader.run();
    else this.soon.ask();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return html`<section class="stack snug" aria-label=${t('preview.heading')}>
      <div class="row apart">
        <span class="label" aria-hidden="true">${t('preview.heading')}</span>
        <select
          class="input"
          aria-label=${t('preview.event-type')}
          @change=${(event: Event) => (this.type = (event.target as HTMLSelectElement).value)}
        >
          ${this.types.map(({ type }) => html`<option ?selected=${type === this.shownType}>${type}</option>`)}
        </select>
      </div>
      <div role="status">${error ? html`<p class="problem break">${messageOf(error)}</p>` : nothing}</div>
      ${value ? this.body(value) : error ? nothing : loadingRows(3)}
    </section>`;
  }

  private body({ body, contentType, headers }: WebhookRepresentedView): TemplateResult {
    return html`${codeBlock(prettyJson(body), { label: t('preview.body'), copies: body })}
      <p class="hint">
        ${rich('preview.content-type', { type: html`<code class="break">${contentType}</code>` })}
      </p>
      ${Object.keys(headers).length > 0 ? headersTable(t('preview.headers'), headers) : nothing}`;
  }
}
