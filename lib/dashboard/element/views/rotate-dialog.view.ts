import { html, nothing, type TemplateResult } from 'lit';
import type {
  WebhookEndpointView,
  WebhookSecretView as Secrets,
  WebhookSettingsView,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { modal } from '../parts/modal.js';
import { secretBox } from '../parts/secret-box.js';
import { failure, loadingRows } from '../parts/states.js';
import { duration, time } from '../parts/time.js';
import { Loader } from '../state/loader.js';
import { messageOf } from '../texts/error-texts.js';

const HOUR = 3_600_000;
const OVERLAPS = new Map([
  [0, 'At once, because it has leaked'],
  [HOUR, 'After 1 hour'],
  [24 * HOUR, 'After 24 hours'],
  [168 * HOUR, 'After 7 days'],
]);

/** Rotates the secret and shows the new one. `@rotated` has the secrets that sign now; `@close` asks for it to go. */
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
  /** As chosen; else the app's default. */
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
        heading: 'The secret is rotated',
        close,
        body: this.answer(this.rotated),
        foot: this.done(),
      });
    }
    return modal({
      heading: 'Rotate the secret',
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
      <p>
        You get a new secret. The old one goes on signing for a while, so that you can put the new one on your
        server in the meantime.
      </p>
      <fieldset class="choices">
        <legend class="label">When does the old secret end?</legend>
        ${[...overlaps(settings.overlapMs)].map(([ms, label]) => this.choice(ms, label, settings))}
      </fieldset>
      <div class="notice ${this.chosen(settings) === 0 ? 'warning' : ''}" aria-live="polite">
        ${this.chosen(settings) === 0 ? atOnce() : meanwhile(settings)}
      </div>
    </div>`;
  }

  private choice(ms: number, label: string, settings: WebhookSettingsView): TemplateResult {
    return html`<label class="choice">
      <input
        type="radio"
        name="overlap"
        .checked=${ms === this.chosen(settings)}
        @change=${() => (this.overlapMs = ms)}
      />
      <span>${label}</span>
    </label>`;
  }

  private answer({ secret, previous }: Secrets): TemplateResult {
    const ends = previous[0]?.expiresAt ?? null;
    return html`<div class="stack">
      <p>Put the new secret on your server${ends === null ? ' now' : html` before ${time(ends)}`}.</p>
      ${secretBox(secret)}
      <p class="muted">
        ${ends === null ? 'The old secret signs no more.' : html`The old secret signs until ${time(ends)}.`}
      </p>
    </div>`;
  }

  private actions(): TemplateResult {
    return html`<button type="button" class="button" @click=${this.close}>Cancel</button>
      <button type="button" class="button primary" aria-disabled=${this.rotating} @click=${this.rotate}>
        ${this.rotating ? 'Rotating…' : 'Rotate secret'}
      </button>`;
  }

  private done(): TemplateResult {
    return html`<button type="button" class="button primary" @click=${this.close}>Done</button>`;
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
      const secrets = await this.context.api.rotateSecret(this.endpoint.id, overlapMs);
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

  /** Not while a secret is on its way that has to be seen. */
  private readonly close = (): void => {
    if (this.rotating) return;
    this.dispatchEvent(new Event('close'));
  };
}

/** The app's default is one of them, in its place. */
const overlaps = (defaultMs: number): Map<number, string> =>
  new Map([...new Map([[defaultMs, `After ${duration(defaultMs)}`], ...OVERLAPS])].sort(([a], [b]) => a - b));

const atOnce = (): TemplateResult =>
  html`<p>
    Your server refuses requests until it has the new secret. They are sent again later, but those that have
    no retries left are failed.
  </p>`;

const meanwhile = ({ signatureHeaders, signatureRotation }: WebhookSettingsView): TemplateResult =>
  html`<p>Until then, requests are signed like this:</p>
    <ul class="bullets">
      ${signatureHeaders
        .filter(({ secrets }) => secrets === 'every')
        .map(
          ({ name }) =>
            html`<li>
              <code>${name}</code> has a signature of each secret. Your server needs to know one.
            </li>`,
        )}
      ${signatureHeaders
        .filter(({ secrets }) => secrets === 'one')
        .map(
          ({ name }) =>
            html`<li>
              <code class="break">${name}</code> is made with the
              ${
                signatureRotation === 'old'
                  ? 'old secret until it ends, then with the new one.'
                  : 'new secret from now on.'
              }
              If your server verifies this header, let it accept both secrets.
            </li>`,
        )}
    </ul>`;
