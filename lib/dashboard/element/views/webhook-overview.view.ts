import { html, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';

/** How a webhook does: charts of what was sent. */
export class WebhookOverviewView extends DashboardView {
  static override properties = { ...super.properties, endpoint: { attribute: false } };
  declare endpoint: WebhookEndpointView;

  protected override render(): TemplateResult {
    return html`<p class="muted">WebhookOverviewView</p>`;
  }
}
