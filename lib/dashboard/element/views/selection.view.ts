import { html, type TemplateResult } from 'lit';
import type { WebhookDeliveryView, WebhookResendsView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { icon } from '../parts/icon.js';
import { codeText, messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

/** The maximum that the route accepts in one request. */
const BATCH = 100;

/**
 * The actions for selected deliveries. Emits `@selected` with the ids to select instead, `@resent` when the
 * log has changed, and `@since` with the time from which to recover.
 */
export class SelectionView extends DashboardView {
  static override properties = {
    ...super.properties,
    rows: { attribute: false },
    asking: { state: true },
    sending: { state: true },
  };
  declare rows: readonly WebhookDeliveryView[];
  declare private asking: boolean;
  declare private sending: boolean;

  protected override render(): TemplateResult {
    const delivered = this.rows.filter(isDelivered).length;
    const question =
      delivered === this.rows.length
        ? t('selection.delivered')
        : t('selection.some-delivered', { count: delivered });
    return html`<div class="row selection" role="group" aria-label=${t('selection.label')}>
      <strong class="numeric" role="status">
        ${
          this.sending
            ? t('selection.sending')
            : this.asking
              ? question
              : t('selection.selected', { count: this.rows.length })
        }
      </strong>
      ${this.asking ? this.answers() : this.actions(delivered)}
    </div>`;
  }

  private actions(delivered: number): TemplateResult {
    const resend = (): void => {
      if (this.sending) return;
      if (delivered > 0) this.asking = true;
      else void this.resend(this.rows);
    };
    return html`<button type="button" class="button small" aria-disabled=${this.sending} @click=${resend}>
        ${icon('refresh', 14)} ${t('selection.resend')}
      </button>
      <button type="button" class="button small" @click=${this.recover}>${t('selection.since')}</button>
      <button type="button" class="button small quiet" @click=${() => this.select([])}>
        ${t('selection.clear')}
      </button>`;
  }

  private answers(): TemplateResult {
    const others = this.rows.filter((row) => !isDelivered(row));
    return html`<button type="button" class="button small" @click=${() => this.resend(this.rows)}>
        ${t('selection.resend-all', { count: this.rows.length })}
      </button>
      ${
        others.length > 0
          ? html`<button type="button" class="button small" @click=${() => this.resend(others)}>
              ${t('selection.only-others', { count: others.length })}
            </button>`
          : ''
      }
      <button type="button" class="button small quiet" @click=${() => (this.asking = false)}>
        ${t('cancel')}
      </button>`;
  }

  private async resend(rows: readonly WebhookDeliveryView[]): Promise<void> {
    const ids = rows.map(({ id }) => id);
    const refused: WebhookResendsView['refused'] = [];
    let resent = 0;
    this.asking = false;
    this.sending = true;
    try {
      for (let at = 0; at < ids.length; at += BATCH) {
        const answer = await this.context.api.resendAll(ids.slice(at, at + BATCH));
        resent += answer.resent.length;
        refused.push(...answer.refused);
      }
      this.tell(resent, refused);
      this.select(refused.map(({ id }) => id));
    } catch (error) {
      this.context.notify(() => messageOf(error), 'error');
    }
    this.sending = false;
    this.dispatchEvent(new Event('resent'));
  }

  private tell(resent: number, refused: WebhookResendsView['refused']): void {
    const sent = (): string => t('selection.resent', { count: resent });
    if (refused.length === 0) return this.context.notify(sent);
    this.context.notify(() => {
      const reasons = [...new Set(refused.map(({ code }) => codeText(code)))].join(' ');
      const not = t('selection.not-resent', { count: refused.length, reasons });
      return resent > 0 ? `${sent()} ${not}` : not;
    }, 'error');
  }

  private select(ids: readonly string[]): void {
    this.dispatchEvent(new CustomEvent('selected', { detail: ids }));
  }

  private readonly recover = (): void => {
    const oldest = Math.min(...this.rows.map(({ createdAt }) => Date.parse(createdAt)));
    this.dispatchEvent(new CustomEvent('since', { detail: oldest }));
  };
}

const isDelivered = ({ status }: WebhookDeliveryView): boolean => status === 'succeeded';
