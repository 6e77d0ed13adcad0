import { html, type TemplateResult } from 'lit';
import type { WebhookSettingsView } from '../api/api-types.js';
import type { CreatedEndpoint } from '../api/webhooks-api.js';
import { DashboardView } from '../dashboard-view.js';
import { icon } from '../parts/icon.js';
import { modal } from '../parts/modal.js';
import { secretBox, verifying } from '../parts/secret-box.js';
import { failure, loadingRows } from '../parts/states.js';
import { Loader } from '../state/loader.js';
import { rich, t } from '../texts/t.js';

/** Shown after a webhook was added: its secret, how to use it, and a test. */
export class CreatedDialogView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    testing: { state: true },
  };
  declare endpoint: CreatedEndpoint;
  declare private testing: boolean;

  private readonly settings = new Loader<WebhookSettingsView>(this, () => this.context.settings());

  constructor() {
    super();
    this.testing = false;
  }

  protected override firstUpdated(): void {
    void this.settings.run();
  }

  /** Only one dialog is open at a time. The secret is shown again after the test. */
  protected override render(): TemplateResult {
    if (this.testing) {
      return html`<webhooks-test
        .context=${this.context}
        .endpoint=${this.endpoint}
        @close=${() => (this.testing = false)}
      ></webhooks-test>`;
    }
    return modal({
      heading: t('created.heading'),
      kind: 'wide',
      close: this.done,
      body: this.body(),
      foot: html`<button type="button" class="button" @click=${() => (this.testing = true)}>
          ${icon('send')} ${t('created.send-test')}
        </button>
        <button type="button" class="button primary" @click=${this.done}>${t('done')}</button>`,
    });
  }

  private body(): TemplateResult {
    const { value, error } = this.settings;
    return html`<div class="stack loose">
      <section class="stack snug" aria-labelledby="created-secret">
        <h3 id="created-secret">${t('secret.heading')}</h3>
        <p class="muted">${rich('created.store')}</p>
        ${secretBox(this.endpoint.secret)}
      </section>
      <section class="stack snug" aria-labelledby="created-verify">
        <h3 id="created-verify">${t('settings.verify')}</h3>
        ${value ? verifying(value) : error ? failure(error, () => void this.settings.run()) : loadingRows(4)}
      </section>
    </div>`;
  }

  private readonly done = (): void => {
    const { id } = this.endpoint;
    // Replaces the form in the history, so that "back" does not return to a form that was sent.
    this.context.go({ view: 'webhook', id, tab: 'overview' }, { replace: true });
  };
}
