import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { WebhookEndpointView, WebhookSecretView as Secrets } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { icon } from '../parts/icon.js';
import { secretBox } from '../parts/secret-box.js';
import { time } from '../parts/time.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';

/** Shows the secret of a webhook, loaded only on request, and rotates it. */
export class SecretView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    secrets: { state: true },
    loading: { state: true },
    problem: { state: true },
    rotating: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  declare private secrets: Secrets | undefined;
  declare private loading: boolean;
  declare private problem: unknown;
  declare private rotating: boolean;
  private shownOf: string | undefined;

  constructor() {
    super();
    this.loading = false;
    this.rotating = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('endpoint') || this.endpoint.id === this.shownOf) return;
    this.shownOf = this.endpoint.id;
    this.secrets = undefined;
  }

  protected override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="secret-heading">
      <div class="card-head">
        <h3 id="secret-heading">${t('secret.heading')}</h3>
        <div class="row">
          <button
            type="button"
            class="button small reveal"
            aria-disabled=${this.loading}
            @click=${this.reveal}
          >
            ${icon('eye', 14)} ${t(this.loading ? 'loading' : this.secrets ? 'secret.hide' : 'secret.reveal')}
          </button>
          <button type="button" class="button small" @click=${() => (this.rotating = true)}>
            ${icon('refresh', 14)} ${t('secret.rotate')}
          </button>
        </div>
      </div>
      <div class="stack section-body">
        ${this.problem ? html`<p class="problem" role="alert">${messageOf(this.problem)}</p>` : nothing}
        ${this.secrets ? this.shown(this.secrets) : this.hiddenSecret()}
      </div>
      ${
        this.rotating
          ? html`<webhooks-rotate-dialog
              .context=${this.context}
              .endpoint=${this.endpoint}
              @rotated=${(event: CustomEvent<Secrets>) => void this.rotated(event.detail)}
              @close=${() => (this.rotating = false)}
            ></webhooks-rotate-dialog>`
          : nothing
      }
    </section>`;
  }

  private hiddenSecret(): TemplateResult {
    return html`<div class="secret">
      <code aria-hidden="true">whsec_${'•'.repeat(24)}</code
      ><span class="sr-only">${t('secret.hidden')}</span>
    </div>`;
  }

  private shown({ secret, createdAt, previous }: Secrets): TemplateResult {
    return html`${secretBox(secret)}
      <p class="hint">${rich('secret.created', { time: time(createdAt) })}</p>
      ${previous.map(
        (old) =>
          html`<div class="stack previous-secret">
            <h4>
              ${old.expiresAt === null ? t('secret.old') : rich('secret.old-until', { time: time(old.expiresAt) })}
            </h4>
            ${secretBox(old.secret, t('secret.copy-old'))}
          </div>`,
      )}`;
  }

  private readonly reveal = async (): Promise<void> => {
    if (this.loading) return;
    this.problem = undefined;
    if (this.secrets) {
      this.secrets = undefined;
      return;
    }
    const { id } = this.endpoint;
    this.loading = true;
    try {
      const secrets = await this.context.api.secret(id);
      if (id === this.endpoint.id) this.secrets = secrets;
    } catch (error) {
      this.problem = error;
    }
    this.loading = false;
  };

  private async rotated(secrets: Secrets): Promise<void> {
    this.secrets = secrets;
    this.problem = undefined;
    try {
      const detail = await this.context.api.endpoint(this.endpoint.id);
      this.dispatchEvent(new CustomEvent('endpoint-changed', { detail, bubbles: true, composed: true }));
    } catch (error) {
      // The secret was rotated nevertheless. The page reloads later.
      console.warn(error);
    }
  }
}
