import { html, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';

/** The dialog that sends again what a webhook missed. `@close` asks for it to go. */
export class RecoverView extends DashboardView {
  static override properties = { ...super.properties, endpoint: { attribute: false } };
  declare endpoint: WebhookEndpointView;

  protected override render(): TemplateResult {
    return html`<p class="muted">RecoverView</p>`;
  }
}
