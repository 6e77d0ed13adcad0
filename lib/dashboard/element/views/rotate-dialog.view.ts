import { html, nothing, type TemplateResult } from 'lit';
import type {
  WebhookEndpointView,
  WebhookSecretView as Secrets,
  WebhookSettingsView,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { field } from '../parts/field.js';
import { modal } from '../parts/modal.js';
import { secretBox } from '../parts/secret-box.js';
import { failure, loadingRows } from '../parts/states.js';
import { duration, time } from '../parts/time.js';
import { Loader } from '../state/loader.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';

const HOUR = 3_600_000;
const OVERLAPS = [0, HOUR, 24 * HOUR, 168 * HOUR];

/**
 * Rotates the secret and shows the new one. Emits `@rotated` with the secrets that now sign, and `@close` to
 * be removed.
 */
export class RotateDialogView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    overlapMs: { state: true },
    rotating: { state: true },
    rotated: { state: true },
    problem: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  /** The chosen overlap; `undefined` means the app's default. */
  declare private overlapMs: number | undefined;
  declare private rotating: boolean;
  declare private rotated: Secrets | undefined;
  declare private problem: unknown;

  private readonly settings = new Loader<WebhookSettingsView>(this, () => this.context.settings());

  constructor() {
    super();
    this.rotating = false;
  }

  protected override firstUpdated(): void {
    void this.settings.run();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.settings;
    const { close } = this;
    if (this.rotated) {
      return modal({
        heading: t('rotate.done'),
        close,
        body: this.answer(this.rotated),
        foot: this.done(),
      });
    }
    return modal({
      heading: t('rotate.heading'),
      close,
      body: value
        ? this.question(value)
        : error
          ? failure(error, () => void this.settings.run())
          : loadingRows(4),
      foot: value ? this.actions() : nothing,
    });
  }

  private question(settings: WebhookSettingsView): TemplateResult {
    return html`<div class="stack">
      ${this.problem ? html`<p class="problem" role="alert">${messageOf(this.problem)}</p>` : nothing}
      <p>${t('rotate.intro')}</p>
      ${
        settings.ownSecrets
          ? field({
              id: 'own-secret',
              label: t('rotate.own'),
              control: html`<input class="input mono" id="own-secret" type="password" autocomplete="off" />`,
            })
          : nothing
      }
      <fieldset class="choices">
        <legend class="label">${t('rotate.expire')}</legend>
        ${overlaps(settings.overlapMs).map((ms) => this.choice(ms, settings))}
      </fieldset>
      <div class="notice ${this.chosen(settings) === 0 ? 'warning' : ''}" aria-live="polite">
        ${this.chosen(settings) === 0 ? html`<p>${t('rotate.refused')}</p>` : meanwhile(settings)}
      </div>
    </div>`;
  }

  private choice(ms: number, settings: WebhookSettingsView): TemplateResult {
    return html`<label class="choice">
      <input
        type="radio"
        name="overlap"
        .checked=${ms === this.chosen(settings)}
        @change=${() => (this.overlapMs = ms)}
      />
      <span>${overlapText(ms)}</span>
    </label>`;
  }

  private answer({ secret, previous }: Secrets): TemplateResult {
    const ends = previous[0]?.expiresAt ?? null;
    return html`<div class="stack">
      <p>${ends === null ? t('rotate.put-now') : rich('rotate.put-before', { time: time(ends) })}</p>
      ${secretBox(secret)}
      <p class="muted">
        ${ends === null ? t('rotate.old-ended') : rich('rotate.old-until', { time: time(ends) })}
      </p>
    </div>`;
  }

  private actions(): TemplateResult {
    return html`<button type="button" class="button" @click=${this.close}>${t('cancel')}</button>
      <button type="button" class="button primary" aria-disabled=${this.rotating} @click=${this.rotate}>
        ${t(this.rotating ? 'rotate.rotating' : 'rotate.rotate')}
      </button>`;
  }

  private done(): TemplateResult {
    return html`<button type="button" class="button primary" @click=${this.close}>${t('done')}</button>`;
  }

  private chosen({ overlapMs }: WebhookSettingsView): number {
    return this.overlapMs ?? overlapMs;
  }

  private readonly rotate = async (): Promise<void> => {
    if (this.rotating) return;
    this.rotating = true;
    this.problem = undefined;
    try {
      const overlapMs = this.chosen(this.settings.value!);
      const own = this.querySelector<HTMLInputElement>('#own-secret')?.value.trim();
      const secrets = await this.context.api.rotateSecret(this.endpoint.id, overlapMs, own || undefined);
      this.rotated = secrets;
      this.dispatchEvent(new CustomEvent('rotated', { detail: secrets }));
    } catch (error) {
      this.problem = error;
    }
    this.rotating = false;
    if (!this.rotated) return;
    await this.updateComplete;
    await new Promise(requestAnimationFrame);
    this.querySelector<HTMLElement>('webhooks-copy-button button')?.focus();
  };

  /** Stays open during the request, because the new secret is shown only here. */
  private readonly close = (): void => {
    if (this.rotating) return;
    this.dispatchEvent(new Event('close'));
  };
}

/** Sorts the app's default into the offered choices. */
const overlaps = (defaultMs: number): readonly number[] =>
  [...new Set([defaultMs, ...OVERLAPS])].sort((a, b) => a - b);

function overlapText(ms: number): string {
  if (ms === 0) return t('rotate.at-once');
  if (ms > 24 * HOUR && ms % (24 * HOUR) === 0) return t('rotate.after-days', { count: ms / 24 / HOUR });
  return ms % HOUR === 0
    ? t('rotate.after-hours', { count: ms / HOUR })
    : t('rotate.after', { time: duration(ms) });
}

const meanwhile = ({ signatureHeaders, signatureRotation }: WebhookSettingsView): TemplateResult => {
  const one = signatureRotation === 'old' ? 'rotate.old-first' : 'rotate.new-first';
  const line = (name: string, key: 'rotate.both' | typeof one): TemplateResult =>
    html`<li>${rich(key, { header: html`<code class="break">${name}</code>` })}</li>`;
  return html`<p>${t('rotate.meanwhile')}</p>
    <ul class="bullets">
      ${signatureHeaders.filter(({ secrets }) => secrets === 'every').map(({ name }) => line(name, 'rotate.both'))}
      ${signatureHeaders.filter(({ secrets }) => secrets === 'one').map(({ name }) => line(name, one))}
    </ul>`;
};
