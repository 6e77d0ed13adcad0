import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { ApiError } from '../api/api-error.js';
import type {
  WebhookEndpointView,
  WebhookEventTypeDescription,
  WebhookSettingsView,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { covers } from '../parts/event-patterns.js';
import { icon } from '../parts/icon.js';
import { describedBy, field } from '../parts/field.js';
import { prettyJson } from '../parts/json.js';
import { syntaxWords } from '../parts/json-words.js';
import { link } from '../parts/link.js';
import { modal } from '../parts/modal.js';
import { failure, loadingRows } from '../parts/states.js';
import { testOutcome, testRequest, testResponse, type TestOutcome } from '../parts/test-outcome.js';
import { duration } from '../parts/time.js';
import type { Advanced } from './form-values.js';
import { Loader } from '../state/loader.js';
import { messageOf, problemText } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';

interface Loaded {
  readonly types: readonly WebhookEventTypeDescription[];
  readonly settings: WebhookSettingsView;
}

/** A saved webhook, or the one in the form, which has no id. */
export type TestedWebhook = Pick<WebhookEndpointView, 'name' | 'url' | 'headers' | 'events' | 'active'> & {
  readonly id?: string;
  /** The advanced fields of the form. */
  readonly advanced?: Advanced;
};

/**
 * The test dialog: sends an example, which the reader may edit, and shows the response. `@close` asks the
 * parent to remove it.
 */
export class WebhookTestView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    type: { state: true },
    edited: { state: true },
    sending: { state: true },
    outcome: { state: true },
    problem: { state: true },
  };
  declare endpoint: TestedWebhook;
  /** `undefined` until the reader chooses an event type. */
  declare private type: string | undefined;
  /** The payload; `undefined` while it equals the example. */
  declare private edited: string | undefined;
  declare private sending: boolean;
  declare private outcome: TestOutcome | undefined;
  declare private problem: unknown;
  /** The secret of the last test from the form. The next test uses it, too. */
  private secret: string | undefined;

  private readonly loader = new Loader<Loaded>(this, async () => {
    const [types, settings] = await Promise.all([this.context.eventTypes(), this.context.settings()]);
    return { types, settings };
  });

  constructor() {
    super();
    this.sending = false;
  }

  protected override firstUpdated(): void {
    void this.loader.run();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return modal({
      heading: this.endpoint.name
        ? rich('test.heading', { name: html`<bdi>${this.endpoint.name}</bdi>` })
        : t('created.send-test'),
      kind: 'wide',
      body: value ? this.body(value) : error ? failure(error, () => void this.loader.run()) : loadingRows(4),
      foot: value ? this.foot() : nothing,
      close: this.close,
    });
  }

  private body({ types, settings }: Loaded): TemplateResult {
    const example = this.chosen(types);
    const { outcome } = this;
    return html`<div class="stack">
      ${
        this.endpoint.active || this.endpoint.id === undefined
          ? nothing
          : html`<p class="notice">${t('test.paused')}</p>`
      }
      <div class="field">
        <label for="test-type">${t('test.event-type')}</label>
        <select class="input" id="test-type" aria-describedby="test-type-hint" @change=${this.choose}>
          ${this.options(types, example.type)}
        </select>
        ${example.description ? html`<p class="hint" id="test-type-hint">${example.description}</p>` : nothing}
      </div>
      ${this.payload(example)}
      <div class="test-outcome" role="status">
        ${
          this.sending
            ? html`<p class="muted">${t('test.takes', { time: duration(settings.timeoutMs) })}</p>`
            : nothing
        }
        ${this.problem && this.dataProblems().length === 0 ? html`<p class="problem">${messageOf(this.problem)}</p>` : nothing}
        ${outcome ? testOutcome(outcome, settings, this.logLink(outcome)) : nothing}
      </div>
      ${outcome ? [testResponse(outcome, settings), testRequest(outcome)] : nothing}
    </div>`;
  }

  private payload(example: WebhookEventTypeDescription): TemplateResult {
    const text = this.edited ?? exampleOf(example);
    const problems = this.edited === undefined ? [] : [...syntaxWords(this.edited), ...this.dataProblems()];
    const problem =
      problems.length > 0
        ? html`${problems.map((one) => html`<span class="line">${one}</span>`)}`
        : undefined;
    return html`${field({
      id: 'test-data',
      label: t('attempt.payload'),
      hint: rich('test.payload.hint'),
      problem,
      control: html`<textarea
        class="input mono ltr"
        id="test-data"
        rows="8"
        spellcheck="false"
        autocapitalize="none"
        aria-invalid=${problem !== undefined}
        aria-describedby=${describedBy('test-data')}
        .value=${live(text)}
        @input=${this.edit}
      ></textarea>`,
    })}
    ${
      this.edited === undefined
        ? nothing
        : html`<div>
            <button type="button" class="button small" @click=${this.reset}>${t('test.reset')}</button>
          </div>`
    }`;
  }

  /** The problems that the routes found in the payload. */
  private dataProblems(): readonly string[] {
    const details = this.problem instanceof ApiError ? this.problem.details : [];
    return details
      .filter(({ field: path }) => /^data\b/.test(path))
      .map((problem) => problemText(problem, ''));
  }

  private options(types: readonly WebhookEventTypeDescription[], chosen: string): unknown {
    const [own, others] = this.sorted(types);
    const group = (label: string, list: readonly WebhookEventTypeDescription[]): unknown =>
      list.length === 0
        ? nothing
        : html`<optgroup label=${label}>
            ${list.map(({ type }) => html`<option ?selected=${type === chosen}>${type}</option>`)}
          </optgroup>`;
    return [group(t('test.own-types'), own), group(t('test.other-types'), others)];
  }

  private foot(): TemplateResult {
    return html`<button type="button" class="button" @click=${this.close}>${t('close')}</button>
      <button type="button" class="button primary" aria-disabled=${this.sending} @click=${this.send}>
        ${icon('send')} ${t(this.sending ? 'test.sending' : this.outcome ? 'test.send-again' : 'test.send')}
      </button>`;
  }

  private logLink(outcome: TestOutcome): TemplateResult | typeof nothing {
    const { id } = this.endpoint;
    if (id === undefined || !('deliveryId' in outcome)) return nothing;
    const route = { view: 'webhook', id, tab: 'deliveries', delivery: outcome.deliveryId } as const;
    return html`<p @click=${this.close}>${link(this.context, route, t('test.log'))}</p>`;
  }

  private sorted(types: readonly WebhookEventTypeDescription[]): [typeof types, typeof types] {
    const patterns = new Set(this.endpoint.events);
    return [
      types.filter(({ type }) => covers(patterns, type)),
      types.filter(({ type }) => !covers(patterns, type)),
    ];
  }

  private chosen(types: readonly WebhookEventTypeDescription[]): WebhookEventTypeDescription {
    const [own, others] = this.sorted(types);
    return types.find(({ type }) => type === this.type) ?? own[0] ?? others[0]!;
  }

  private readonly choose = (event: Event): void => {
    this.type = (event.target as HTMLSelectElement).value;
    // The edited payload belongs to the previous type.
    this.edited = undefined;
    this.outcome = undefined;
    this.problem = undefined;
  };

  private readonly edit = (event: Event): void => {
    this.edited = (event.target as HTMLTextAreaElement).value;
    this.problem = undefined;
  };

  private readonly reset = (): void => {
    this.edited = undefined;
    this.problem = undefined;
    this.querySelector('textarea')?.focus();
  };

  private request(eventType: string): Promise<TestOutcome> {
    const { api } = this.context;
    const { id, url, headers, advanced } = this.endpoint;
    const data = this.edited === undefined ? undefined : (JSON.parse(this.edited) as Record<string, unknown>);
    if (id !== undefined) return api.test(id, eventType, data);
    return api.testDraft({
      url,
      headers,
      eventType,
      ...(data && { data }),
      ...(this.secret && { secret: this.secret }),
      ...advanced,
    });
  }

  private readonly send = async (): Promise<void> => {
    if (this.sending) return;
    if (this.edited !== undefined && syntaxWords(this.edited).length > 0) {
      this.querySelector('textarea')?.focus();
      return;
    }
    const { type } = this.chosen(this.loader.value!.types);
    this.sending = true;
    this.outcome = undefined;
    this.problem = undefined;
    try {
      const outcome = await this.request(type);
      if ('secret' in outcome) this.secret = outcome.secret;
      if (this.type === undefined || this.type === type) this.outcome = outcome;
    } catch (error) {
      this.problem = error;
    }
    this.sending = false;
    await this.updateComplete;
    if (this.dataProblems().length > 0) this.querySelector('textarea')?.focus();
    this.querySelector('.test-outcome')?.scrollIntoView({ block: 'nearest' });
  };

  private readonly close = (): void => {
    this.dispatchEvent(new Event('close'));
  };
}

const exampleOf = ({ example }: WebhookEventTypeDescription): string => prettyJson(JSON.stringify(example));
