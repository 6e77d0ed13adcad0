import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import type {
  WebhookEndpointView,
  WebhookEventTypeDescription,
  WebhookSettingsView,
} from '../api/api-types.js';
import type { CreatedEndpoint } from '../api/webhooks-api.js';
import type { PickedAdvanced } from '../advanced/advanced.view.js';
import { DashboardView } from '../dashboard-view.js';
import type { HeaderRow } from '../parts/headers-editor.js';
import type { PickedFilter } from '../parts/filter-editor.js';
import { icon } from '../parts/icon.js';
import { link } from '../parts/link.js';
import { failure, loadingRows } from '../parts/states.js';
import type { Route } from '../routing/route.js';
import { Loader } from '../state/loader.js';
import { problemsIn } from './form-checks.js';
import { basicFields, optionFields, type FormState } from './form-fields.js';
import { changesOf, inputOf, problemsOf, valuesOf, type FormValues, type Problems } from './form-values.js';
import type { TestedWebhook } from './webhook-test.view.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';

interface Loaded {
  readonly endpoint: WebhookEndpointView | undefined;
  readonly types: readonly WebhookEventTypeDescription[];
  readonly settings: WebhookSettingsView;
  readonly initial: FormValues;
}

/** Matches the fields of the advanced part. */
const ADVANCED = /^(representation|version|authorization|clientCertificate|secret)\b/;

const NO_PROBLEMS = (): Problems => new Map();

/** Adds a webhook, or changes the one with the id `endpointId`. */
export class WebhookFormView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpointId: { attribute: false },
    values: { state: true },
    problems: { state: true },
    saving: { state: true },
    created: { state: true },
    tested: { state: true },
    isAdvanced: { state: true },
  };
  declare endpointId: string | undefined;
  declare private values: FormValues;
  /** A function, because the language can change. */
  declare private problems: () => Problems;
  declare private saving: boolean;
  /** The new webhook, whose secret is shown before the form closes. */
  declare private created: CreatedEndpoint | undefined;
  /** The values of the form while the test dialog is open. */
  declare private tested: TestedWebhook | undefined;
  /** Whether the advanced part was opened. */
  declare private isAdvanced: boolean;
  private nextKey = 1_000;

  private readonly loader = new Loader<Loaded>(this, async (signal) => {
    const id = this.endpointId;
    const [endpoint, types, settings] = await Promise.all([
      id === undefined ? undefined : this.context.api.endpoint(id, signal),
      this.context.eventTypes(),
      this.context.settings(),
    ]);
    const initial = valuesOf(endpoint);
    // The reader may have opened another webhook's form meanwhile.
    if (!signal.aborted) this.values = initial;
    return { endpoint, types, settings, initial };
  });

  constructor() {
    super();
    this.values = valuesOf();
    this.problems = NO_PROBLEMS;
    this.saving = false;
    this.isAdvanced = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.context.keep(this.isUnsaved);
  }

  override disconnectedCallback(): void {
    this.context.keep(() => false);
    super.disconnectedCallback();
  }

  private readonly isUnsaved = (): boolean => {
    const initial = this.loader.value?.initial;
    if (!initial || this.saving || this.created) return false;
    return Object.keys(changesOf(this.values, initial)).length > 0;
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (this.hasUpdated && !changed.has('endpointId')) return;
    this.problems = NO_PROBLEMS;
    void this.loader.run({ forget: true });
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    const name = value?.endpoint?.name;
    return html`<div class="stack form">
      <div>
        ${link(this.context, this.origin, html`${icon('back')} ${t(name ? 'form.back' : 'list.heading')}`, { class: 'link back' })}
      </div>
      <h2 tabindex="-1" class="break">${this.heading(name)}</h2>
      ${
        value
          ? this.form(value)
          : html`<div class="card">
              ${error ? failure(error, () => void this.loader.run()) : loadingRows(6)}
            </div>`
      }
      ${
        this.created
          ? html`<webhooks-created-dialog
              .context=${this.context}
              .endpoint=${this.created}
            ></webhooks-created-dialog>`
          : nothing
      }
      ${
        this.tested
          ? html`<webhooks-test
              .context=${this.context}
              .endpoint=${this.tested}
              @close=${() => (this.tested = undefined)}
            ></webhooks-test>`
          : nothing
      }
    </div>`;
  }

  private heading(name: string | undefined): unknown {
    if (this.endpointId === undefined) return t('form.add');
    return name ? rich('form.edit-of', { name: html`<bdi>${name}</bdi>` }) : t('form.edit');
  }

  private form({ types, settings, initial }: Loaded): TemplateResult {
    const problems = this.problems();
    const state = this.stateWith(problems);
    const rest = problems.get('');
    return html`<form class="stack" novalidate @submit=${this.save}>
      ${
        rest === undefined
          ? nothing
          : html`<div class="notice failure" role="alert" tabindex="-1" data-problem>
              <strong>${t('form.not-saved')}</strong>
              <p class="break">${rest}</p>
            </div>`
      }
      <div class="card padded stack">${basicFields(state, settings)}</div>
      <webhooks-event-picker
        .types=${types}
        .value=${this.values.events}
        .problem=${problems.get('events')}
        @events-picked=${(event: CustomEvent<string[]>) => this.set({ events: event.detail })}
      ></webhooks-event-picker>
      <div class="card padded">
        <webhooks-filter-editor
          .context=${this.context}
          .types=${types}
          .events=${this.values.events}
          .value=${this.values.filter}
          .problem=${problems.get('filter')}
          @filter-picked=${(event: CustomEvent<PickedFilter>) => this.set({ ...event.detail }, 'filter')}
        ></webhooks-filter-editor>
      </div>
      <details
        class="card more-options"
        ?open=${initial.description !== '' || initial.headers.length > 0 || initial.rateLimit !== '' || initial.concurrency !== ''}
      >
        <summary>${t('form.more')} <span class="hint">${t('form.more.hint')}</span></summary>
        <div class="stack loose">${optionFields(state)}</div>
      </details>
      ${this.advanced(problems)}
      <div class="row">
        <button type="submit" class="button primary" aria-disabled=${this.saving}>${this.submitLabel}</button>
        ${
          this.endpointId === undefined
            ? html`<button type="button" class="button" @click=${this.test}>
                ${icon('send')} ${t('webhook.send-test')}
              </button>`
            : nothing
        }
        ${link(this.context, this.origin, t('cancel'), { class: 'button' })}
      </div>
    </form>`;
  }

  /** The script of the advanced part loads when the reader first opens it. */
  private advanced(problems: Problems): TemplateResult {
    const { endpoint, types, settings } = this.loader.value!;
    const isUsed =
      endpoint !== undefined &&
      (endpoint.representation !== 'envelope' || !!endpoint.authorization || !!endpoint.clientCertificate);
    const isWrong = [...problems.keys()].some((key) => ADVANCED.test(key));
    return html`<details
      class="card more-options"
      ?open=${isUsed || isWrong || this.isAdvanced}
      @toggle=${(event: Event) => (this.isAdvanced ||= (event.target as HTMLDetailsElement).open)}
    >
      <summary>${t('form.advanced')} <span class="hint">${t('form.advanced.hint')}</span></summary>
      <div>
        ${
          this.isAdvanced
            ? html`<webhooks-later
                .content=${() =>
                  html`<webhooks-advanced
                    .context=${this.context}
                    .endpoint=${endpoint}
                    .settings=${settings}
                    .types=${types}
                    .events=${this.values.events}
                    .problems=${problems}
                    @advanced-picked=${this.takeAdvanced}
                  ></webhooks-advanced>`}
              ></webhooks-later>`
            : nothing
        }
      </div>
    </details>`;
  }

  private readonly takeAdvanced = ({ detail }: CustomEvent<PickedAdvanced>): void => {
    this.set(detail, ...[...this.problems().keys()].filter((key) => ADVANCED.test(key)));
  };

  private stateWith(problems: Problems): FormState {
    return {
      values: this.values,
      problems,
      set: this.set,
      addHeader: () => void this.addHeader(),
      removeHeader: (row) => void this.removeHeader(row),
    };
  }

  private get origin(): Route {
    const endpoint = this.loader.value?.endpoint;
    return endpoint ? { view: 'webhook', id: endpoint.id, tab: 'overview' } : { view: 'webhooks' };
  }

  private get submitLabel(): string {
    if (this.endpointId === undefined) return t(this.saving ? 'form.adding' : 'form.add');
    return t(this.saving ? 'form.saving' : 'form.save');
  }

  /** Removes the problems of the changed fields; the next save checks them again. */
  private readonly set = (changes: Partial<FormValues>, ...others: string[]): void => {
    this.values = { ...this.values, ...changes };
    const changed = [...Object.keys(changes), ...others];
    const { problems } = this;
    if (changed.some((key) => problems().has(key))) {
      this.problems = () => new Map([...problems()].filter(([key]) => !changed.includes(key)));
    }
  };

  private async addHeader(): Promise<void> {
    const row = { key: this.nextKey++, name: '', value: '' };
    this.set({ headers: [...this.values.headers, row] });
    await this.updateComplete;
    [...this.querySelectorAll<HTMLElement>('.header-row')].at(-1)?.querySelector('input')?.focus();
  }

  private async removeHeader({ key }: HeaderRow): Promise<void> {
    this.set({ headers: this.values.headers.filter((row) => row.key !== key) }, `header-${key}`);
    await this.updateComplete;
    this.querySelector<HTMLElement>('.add-header')?.focus();
  }

  private readonly save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.saving) return;
    const { values } = this;
    const known = this.loader.value!;
    this.problems = () => problemsIn(values, known);
    if (this.problems().size === 0) {
      this.saving = true;
      try {
        await this.send();
      } catch (error) {
        this.problems = () =>
          error instanceof ApiError ? problemsOf(error, values) : new Map([['', messageOf(error)]]);
      }
      this.saving = false;
    }
    if (this.problems().size > 0) await this.focusProblem();
  };

  /** A test needs only a valid URL, headers and advanced fields, since it saves nothing. */
  private readonly test = async (): Promise<void> => {
    const { values } = this;
    const known = this.loader.value!;
    this.problems = () =>
      new Map(
        [...problemsIn(values, known)].filter(
          ([key]) => key === 'url' || key.startsWith('header') || ADVANCED.test(key),
        ),
      );
    if (this.problems().size > 0) await this.focusProblem();
    else this.tested = { ...inputOf(values), advanced: values.advanced };
  };

  private async send(): Promise<void> {
    const { api } = this.context;
    const { endpointId } = this;
    if (endpointId === undefined) {
      this.created = await api.create({ ...inputOf(this.values), ...this.values.advanced });
      const { name } = this.created;
      if (!this.isConnected)
        this.context.notify(() => rich('form.added', { name: html`<bdi>${name}</bdi>` }));
      return;
    }
    const changes = changesOf(this.values, this.loader.value!.initial);
    if (Object.keys(changes).length > 0) {
      const { name } = await api.update(endpointId, changes);
      this.context.notify(() => rich('form.saved', { name: html`<bdi>${name}</bdi>` }));
    }
    // A reader who has left the form stays where they are.
    if (!this.isConnected) return;
    this.context.go({ view: 'webhook', id: endpointId, tab: 'overview' }, { replace: true });
  }

  private async focusProblem(): Promise<void> {
    await this.updateComplete;
    // The event picker renders one frame after the form.
    await new Promise(requestAnimationFrame);
    const place = this.querySelector<HTMLElement>('[data-problem]');
    place?.closest('details')?.setAttribute('open', '');
    for (const other of this.querySelectorAll('details [data-problem]')) {
      other.closest('details')!.open = true;
    }
    const closest = place?.querySelector('[data-problem]') ?? place;
    (closest?.querySelector<HTMLElement>('input, textarea, button') ?? place)?.focus();
  }
}
