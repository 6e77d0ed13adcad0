import { html, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';

/** The delivery log of a webhook; `delivery` is open in a drawer over it. */
export class DeliveryListView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    delivery: { attribute: false },
  };
  declare endpoint: WebhookEndpointView;
  declare delivery: string | undefined;

  protected override render(): TemplateResult {
    return html`<p class="muted">DeliveryListView</p>`;
  }
}
