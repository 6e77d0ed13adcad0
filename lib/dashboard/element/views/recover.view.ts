import { html, nothing, type TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import type {
  WebhookEndpointView,
  WebhookRecoveryPreviewView,
  WebhookSettingsView,
} from '../api/api-types.js';
import type { TimeRange } from '../api/webhooks-api.js';
import { DashboardView } from '../dashboard-view.js';
import { modal } from '../parts/modal.js';
import {
  rangeProblem,
  recoverFields,
  timesOf,
  wholeMinute,
  type RecoverRange,
} from '../parts/recover-fields.js';
import { recoveryOf, recoveryPreview, recoveryProgress, type Recovery } from '../parts/recovery.js';
import { Debounce } from '../state/debounce.js';
import { Loader } from '../state/loader.js';
import { missedSince } from '../state/missed-since.js';
import { poll } from '../state/poller.js';
import { turnOn } from '../state/activation.js';
import { messageOf, problemText } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

const PREVIEW_DELAY_MS = 300;
const PROGRESS_MS = 1_000;
/** Retries are minutes apart, so once every delivery was attempted, only every fifth tick reloads. */
const RETRY_TICKS = 5;

/**
 * The dialog that resends what a webhook missed. Emits `@close` to be removed, and `@recovery-started` when
 * the log has changed.
 */
export class RecoverView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    since: { attribute: false },
    range: { state: true },
    settings: { state: true },
    recovery: { state: true },
    starting: { state: true },
    error: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  /** Epoch ms. Default: the time from which the webhook may have missed events. */
  declare since: number | undefined;
  declare private range: RecoverRange;
  declare private settings: WebhookSettingsView | undefined;
  /** `undefined` until the recovery has started. */
  declare private recovery: Recovery | undefined;
  declare private starting: boolean;
  declare private error: unknown;
  private recovered: TimeRange | undefined;
  /** The number of deliveries in the period that were pending before the start. */
  private underWay = 0;
  private ticks = 0;

  private readonly preview = new Loader<WebhookRecoveryPreviewView>(this, (signal) =>
    this.context.api.recoveryPreview(this.endpoint.id, this.chosen()!, signal),
  );

  private readonly looking = new Debounce(
    this,
    () => {
      const range = this.chosen();
      if (range && !rangeProblem(range)) void this.preview.run({ forget: true });
    },
    PREVIEW_DELAY_MS,
  );

  constructor() {
    super();
    this.range = { since: undefined, until: undefined };
    this.starting = false;
    poll(this, this.progress, PROGRESS_MS);
  }

  protected override willUpdate(): void {
    // `endpoint` is set before the first update, but not in the constructor.
    if (this.range.since !== undefined || this.hasUpdated) return;
    this.range = { since: wholeMinute(this.since ?? missedSince(this.endpoint)), until: undefined };
    void this.preview.run();
  }

  protected override firstUpdated(): void {
    // Without the settings, one sentence lacks a number.
    this.context.settings().then(
      (settings) => (this.settings = settings),
      () => {},
    );
  }

  protected override render(): TemplateResult {
    return modal({
      heading: t('recover.heading'),
      body: this.recovery ? recoveryProgress(this.recovery) : this.form(),
      foot: this.recovery ? this.closeButton(t('close')) : this.buttons(),
      close: this.close,
    });
  }

  private form(): TemplateResult {
    return html`<div class="stack">
      <p class="muted">${t('recover.intro')}</p>
      ${this.endpoint.active ? nothing : this.offNotice()}
      ${recoverFields(this.range, this.problems(), this.change)}
      <div class="notice recover-preview" role="status" aria-busy=${this.preview.loading}>
        ${this.found()}
      </div>
      ${this.error ? html`<p class="problem" role="alert">${messageOf(this.error)}</p>` : nothing}
      <p class="muted small">
        ${
          this.settings
            ? t('recover.pace-of', { count: this.settings.retryOffsetsMs.length + 1 })
            : t('recover.pace')
        }
      </p>
    </div>`;
  }

  private offNotice(): TemplateResult {
    return html`<div class="notice warning">
      <strong>${t('notice.paused')}</strong>
      <p>${t('recover.turn-on.text')}</p>
      <div>
        <button type="button" class="button small" @click=${this.activate}>${t('recover.turn-on')}</button>
      </div>
    </div>`;
  }

  private found(): unknown {
    const { value, error, loading } = this.preview;
    if (!this.chosen()) return t('recover.choose');
    if (this.problems().size > 0) return t('recover.choose-other');
    if (error && !loading) return messageOf(error);
    return value ? recoveryPreview(value) : t('recover.counting');
  }

  private buttons(): TemplateResult {
    const total = this.total();
    const ready = total > 0 && this.endpoint.active && !this.preview.loading && !this.starting;
    return html`<button type="button" class="button" @click=${this.close}>${t('cancel')}</button>
      <button
        type="button"
        class="button primary"
        ?disabled=${total === 0 || !this.endpoint.active}
        aria-disabled=${!ready}
        @click=${() => (ready ? void this.start() : undefined)}
      >
        ${
          this.starting
            ? t('recover.starting')
            : total === 0
              ? t('recover.nothing-chosen')
              : t('recover.start', { count: total })
        }
      </button>`;
  }

  private closeButton(text: string): TemplateResult {
    return html`<button type="button" class="button" data-focus @click=${this.close}>${text}</button>`;
  }

  private total(): number {
    const { value, error } = this.preview;
    return value && !error && this.chosen() && this.problems().size === 0
      ? value.toResend + value.toCreate
      : 0;
  }

  private chosen(): TimeRange | undefined {
    return timesOf(this.range);
  }

  private problems(): ReadonlyMap<string, string> {
    const { since = 0, until } = this.chosen() ?? {};
    if (until !== undefined && since >= until) return new Map([['until', t('recover.end-problem')]]);
    if (since >= Date.now()) return new Map([['since', t('recover.start-problem')]]);
    const error = this.error ?? this.preview.error;
    const details = error instanceof ApiError ? error.details : [];
    return new Map(details.map((problem) => [problem.field, problemText(problem)]));
  }

  private readonly change = (changes: Partial<RecoverRange>): void => {
    this.range = { ...this.range, ...changes };
    this.error = undefined;
    this.looking.ask();
  };

  private readonly close = (): void => {
    this.dispatchEvent(new Event('close'));
  };

  private readonly activate = async (): Promise<void> => {
    try {
      await turnOn(this, this.context, this.endpoint.id);
      this.error = undefined;
      // The pressed button is gone, so the first field takes the focus.
      this.querySelector<HTMLElement>('#recover-since')?.focus();
    } catch (error) {
      this.error = error;
    }
  };

  private async start(): Promise<void> {
    const range = this.chosen()!;
    this.starting = true;
    this.error = undefined;
    try {
      const answer = await this.context.api.recover(this.endpoint.id, range);
      // Events from now on do not belong to this recovery.
      this.recovered = { since: range.since, until: range.until ?? Date.now() };
      const total = answer.resent + answer.created;
      const { waiting = 0, retrying = 0 } = this.preview.value ?? {};
      this.underWay = waiting + retrying;
      this.recovery = { total, waiting: total, delivered: 0, failed: 0, retrying: 0 };
      this.dispatchEvent(new Event('recovery-started'));
      void this.keepFocus();
    } catch (error) {
      this.error = error;
      void this.preview.run();
    }
    this.starting = false;
  }

  private readonly progress = async (): Promise<void> => {
    const { recovery, recovered } = this;
    if (!recovery || !recovered) return;
    const { total, waiting, retrying } = recovery;
    this.ticks += 1;
    if (waiting === 0 && (retrying === 0 || this.ticks % RETRY_TICKS !== 0)) return;
    try {
      const counts = await this.context.api.recoveryPreview(this.endpoint.id, recovered);
      this.recovery = recoveryOf(total, this.underWay, counts);
    } catch (error) {
      this.recovery = { ...recovery, error };
    }
  };

  private async keepFocus(): Promise<void> {
    await this.updateComplete;
    await this.querySelector<DashboardView>('webhooks-modal')?.updateComplete;
    this.querySelector<HTMLElement>('[data-focus]')?.focus();
  }
}
