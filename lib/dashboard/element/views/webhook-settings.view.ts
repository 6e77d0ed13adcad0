import { html, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';

/** The settings of a webhook: its facts, secret and end. */
export class WebhookSettingsView extends DashboardView {
  static override properties = { ...super.properties, endpoint: { attribute: false } };
  declare endpoint: WebhookEndpointView;

  protected override render(): TemplateResult {
    return html`<p class="muted">WebhookSettingsView</p>`;
  }
}
