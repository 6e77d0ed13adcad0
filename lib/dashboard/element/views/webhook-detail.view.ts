import { html, type TemplateResult } from 'lit';
import type { WebhookTab } from '../routing/route.js';
import { DashboardView } from '../dashboard-view.js';

/** One webhook: head, tabs and what is under them. */
export class WebhookDetailView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpointId: { attribute: false },
    tab: { attribute: false },
    delivery: { attribute: false },
  };
  declare endpointId: string;
  declare tab: WebhookTab;
  declare delivery: string | undefined;

  protected override render(): TemplateResult {
    return html`<p class="muted">WebhookDetailView</p>`;
  }
}
