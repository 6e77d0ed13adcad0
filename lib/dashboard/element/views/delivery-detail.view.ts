import { html, type TemplateResult } from 'lit';
import { DashboardView } from '../dashboard-view.js';

/** One delivery with its payload and attempts, in a drawer. `@close` asks for it to go. */
export class DeliveryDetailView extends DashboardView {
  static override properties = { ...super.properties, deliveryId: { attribute: false } };
  declare deliveryId: string;

  protected override render(): TemplateResult {
    return html`<p class="muted">DeliveryDetailView</p>`;
  }
}
