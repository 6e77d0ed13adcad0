import { html, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';

/** The Test dialog: sends an example and tells what came back. `@close` asks for it to go. */
export class WebhookTestView extends DashboardView {
  static override properties = { ...super.properties, endpoint: { attribute: false } };
  declare endpoint: WebhookEndpointView;

  protected override render(): TemplateResult {
    return html`<p class="muted">WebhookTestView</p>`;
  }
}
