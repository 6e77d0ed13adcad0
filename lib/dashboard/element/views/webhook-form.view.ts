import { html, type TemplateResult } from 'lit';
import { DashboardView } from '../dashboard-view.js';

/** Adds a webhook, or changes the one with `endpointId`. */
export class WebhookFormView extends DashboardView {
  static override properties = { ...super.properties, endpointId: { attribute: false } };
  declare endpointId: string | undefined;

  protected override render(): TemplateResult {
    return html`<p class="muted">WebhookFormView</p>`;
  }
}
