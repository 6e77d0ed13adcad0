import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { modal } from '../parts/modal.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';

/** Deletes a webhook after the reader has typed its name. `@close` asks the parent to remove the dialog. */
export class DeleteDialogView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    typed: { state: true },
    deleting: { state: true },
    problem: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  declare private typed: string;
  declare private deleting: boolean;
  declare private problem: string | undefined;

  constructor() {
    super();
    this.typed = '';
    this.deleting = false;
  }

  protected override render(): TemplateResult {
    return modal({
      heading: rich('delete.heading', { name: html`<bdi>${this.endpoint.name}</bdi>` }),
      close: this.close,
      body: this.body(),
      foot: html`<button type="button" class="button" @click=${this.close}>${t('cancel')}</button>
        <button
          type="submit"
          form="delete-form"
          class="button danger"
          aria-disabled=${this.deleting || !this.isConfirmed}
        >
          ${t(this.deleting ? 'delete.deleting' : 'delete.delete')}
        </button>`,
    });
  }

  private body(): TemplateResult {
    return html`<form class="stack" id="delete-form" novalidate @submit=${this.delete}>
      <ul class="bullets">
        <li>${t('delete.no-more')}</li>
        <li>${t('delete.pending')}</li>
        <li>${t('delete.log')}</li>
        <li>${t('delete.secret')}</li>
      </ul>
      <div class="field">
        <label for="delete-name">
          ${rich('delete.confirm', { name: html`<strong class="break">${this.endpoint.name}</strong>` })}
        </label>
        <input
          class="input"
          id="delete-name"
          autofocus
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          aria-invalid=${this.problem !== undefined}
          aria-describedby="delete-problem"
          .value=${this.typed}
          @input=${this.type}
        />
        ${
          this.problem === undefined
            ? nothing
            : html`<p class="problem" id="delete-problem" role="alert">${this.problem}</p>`
        }
      </div>
    </form>`;
  }

  /** The page shows several spaces as one, so the comparison treats them as one. */
  private get isConfirmed(): boolean {
    return plain(this.typed) === plain(this.endpoint.name);
  }

  private readonly type = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.problem = undefined;
  };

  private readonly delete = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.deleting) return;
    if (!this.isConfirmed) {
      this.problem = t('delete.wrong');
      this.querySelector('input')?.focus();
      return;
    }
    this.deleting = true;
    try {
      const { id, name } = this.endpoint;
      await this.context.api.delete(id);
      this.context.notify(() => rich('delete.deleted', { name: html`<bdi>${name}</bdi>` }));
      this.context.go({ view: 'webhooks' }, { replace: true });
    } catch (error) {
      this.problem = messageOf(error);
    }
    this.deleting = false;
  };

  private readonly close = (): void => {
    if (this.deleting) return;
    this.dispatchEvent(new Event('close'));
  };
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
