import { html, type TemplateResult } from 'lit';
import { DashboardView } from '../dashboard-view.js';

/** One event with its body and its deliveries. */
export class EventDetailView extends DashboardView {
  static override properties = { ...super.properties, eventId: { attribute: false } };
  declare eventId: string;

  protected override render(): TemplateResult {
    return html`<p class="muted">EventDetailView</p>`;
  }
}
