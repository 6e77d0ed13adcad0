import { html, type TemplateResult } from 'lit';
import { DashboardView } from '../dashboard-view.js';

/** What was emitted, and where it went. */
export class EventListView extends DashboardView {
  static override properties = { ...super.properties };

  protected override render(): TemplateResult {
    return html`<p class="muted">EventListView</p>`;
  }
}
