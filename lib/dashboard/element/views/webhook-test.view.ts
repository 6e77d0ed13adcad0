import { html, nothing, type TemplateResult } from 'lit';
import type {
  WebhookEndpointView,
  WebhookEventTypeDescription,
  WebhookSettingsView,
  WebhookTestView as TestOutcome,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { covers } from '../parts/event-patterns.js';
import { icon } from '../parts/icon.js';
import { codeBlock } from '../parts/code-block.js';
import { link } from '../parts/link.js';
import { modal } from '../parts/modal.js';
import { failure, loadingRows } from '../parts/states.js';
import { testOutcome, testResponse } from '../parts/test-outcome.js';
import { duration } from '../parts/time.js';
import { Loader } from '../state/loader.js';
import { messageOf } from '../texts/error-texts.js';

interface Loaded {
  readonly types: readonly WebhookEventTypeDescription[];
  readonly settings: WebhookSettingsView;
}

/** The Test dialog: sends an example and tells what came back. `@close` asks for it to go. */
export class WebhookTestView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    type: { state: true },
    sending: { state: true },
    outcome: { state: true },
    problem: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  /** The chosen event type, once one was chosen. */
  declare private type: string | undefined;
  declare private sending: boolean;
  declare private outcome: TestOutcome | undefined;
  declare private problem: unknown;

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
      heading: html`Send a test to <bdi>${this.endpoint.name}</bdi>`,
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
        this.endpoint.active
          ? nothing
          : html`<p class="notice">This webhook is paused. The test will still be sent.</p>`
      }
      <div class="field">
        <label for="test-type">Event type</label>
        <select class="input" id="test-type" aria-describedby="test-type-hint" @change=${this.choose}>
          ${this.options(types, example.type)}
        </select>
        ${example.description ? html`<p class="hint" id="test-type-hint">${example.description}</p>` : nothing}
      </div>
      <div class="test-outcome" role="status">
        ${
          this.sending
            ? html`<p class="muted">Sending… This takes at most ${duration(settings.timeoutMs)}.</p>`
            : nothing
        }
        ${this.problem ? html`<p class="problem">${messageOf(this.problem)}</p>` : nothing}
        ${outcome ? testOutcome(outcome, this.endpoint.url, settings, this.logLink(outcome)) : nothing}
      </div>
      ${outcome ? testResponse(outcome, settings) : nothing}
      <details class="more-options" open>
        <summary>What is sent</summary>
        ${codeBlock(bodyOf(example), { label: 'Example of the body', copyLabel: 'Copy JSON' })}
      </details>
    </div>`;
  }

  private options(types: readonly WebhookEventTypeDescription[], chosen: string): unknown {
    const [own, others] = this.sorted(types);
    const group = (label: string, list: readonly WebhookEventTypeDescription[]): unknown =>
      list.length === 0
        ? nothing
        : html`<optgroup label=${label}>
            ${list.map(({ type }) => html`<option ?selected=${type === chosen}>${type}</option>`)}
          </optgroup>`;
    return [group('This webhook gets', own), group('Other event types', others)];
  }

  private foot(): TemplateResult {
    return html`<button type="button" class="button" @click=${this.close}>Close</button>
      <button type="button" class="button primary" aria-disabled=${this.sending} @click=${this.send}>
        ${icon('send')} ${this.sending ? 'Sending…' : this.outcome ? 'Send again' : 'Send test'}
      </button>`;
  }

  private logLink({ deliveryId }: TestOutcome): TemplateResult {
    const { id } = this.endpoint;
    const route = { view: 'webhook', id, tab: 'deliveries', delivery: deliveryId } as const;
    return html`<span @click=${this.close}
      >${link(this.context, route, 'See the request and the response in the log')}</span
    >`;
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
    // It belongs to another type.
    this.outcome = undefined;
    this.problem = undefined;
  };

  private readonly send = async (): Promise<void> => {
    if (this.sending) return;
    const { type } = this.chosen(this.loader.value!.types);
    this.sending = true;
    this.outcome = undefined;
    this.problem = undefined;
    try {
      const outcome = await this.context.api.test(this.endpoint.id, type);
      if (this.type === undefined || this.type === type) this.outcome = outcome;
    } catch (error) {
      this.problem = error;
    }
    this.sending = false;
    await this.updateComplete;
    this.querySelector('.test-outcome')?.scrollIntoView({ block: 'nearest' });
  };

  private readonly close = (): void => {
    this.dispatchEvent(new Event('close'));
  };
}

/** As it is sent; the id and the time are new for each event. */
const bodyOf = ({ type, example }: WebhookEventTypeDescription): string =>
  JSON.stringify({ id: 'evt_…', event_type: type, created_at: '…', data: example }, undefined, 2);
