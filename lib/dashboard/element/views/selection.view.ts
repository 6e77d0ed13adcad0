import { html, type TemplateResult } from 'lit';
import { wordsOfCode } from '../api/api-error.js';
import type { WebhookDeliveryView, WebhookResendsView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { icon } from '../parts/icon.js';
import { count } from '../parts/recovery.js';
import { messageOf } from '../parts/states.js';

/** As many as the route takes at once. */
const BATCH = 100;

/**
 * What can be done with the deliveries that were selected. `@selected` asks for others to be selected, by their ids; `@resent`
 * tells that the log has changed; `@since` asks for a recovery since a time.
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
        ? 'Already delivered. Resend?'
        : `${delivered} already delivered. Resend?`;
    return html`<div class="row selection" role="group" aria-label="Selection">
      <strong class="numeric" role="status">
        ${this.sending ? 'Sending…' : this.asking ? question : `${this.rows.length} selected`}
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
        ${icon('refresh', 14)} Resend
      </button>
      <button type="button" class="button small" @click=${this.recover}>
        Resend all failed since the oldest…
      </button>
      <button type="button" class="button small quiet" @click=${() => this.select([])}>
        Clear selection
      </button>`;
  }

  private answers(): TemplateResult {
    const others = this.rows.filter((row) => !isDelivered(row));
    return html`<button type="button" class="button small" @click=${() => this.resend(this.rows)}>
        Resend ${this.rows.length}
      </button>
      ${
        others.length > 0
          ? html`<button type="button" class="button small" @click=${() => this.resend(others)}>
              Only the ${others.length} not delivered
            </button>`
          : ''
      }
      <button type="button" class="button small quiet" @click=${() => (this.asking = false)}>Cancel</button>`;
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
      this.context.notify(messageOf(error), 'error');
    }
    this.sending = false;
    this.dispatchEvent(new Event('resent'));
  }

  private tell(resent: number, refused: WebhookResendsView['refused']): void {
    const sent = `${count(resent, 'delivery', 'deliveries')} resent.`;
    if (refused.length === 0) return this.context.notify(sent);
    const reasons = [...new Set(refused.map(({ code }) => wordsOfCode(code)))].join(' ');
    this.context.notify(`${resent > 0 ? `${sent} ` : ''}${refused.length} not resent: ${reasons}`, 'error');
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
