import { html, type TemplateResult } from 'lit';
import { DashboardView } from '../dashboard-view.js';

/** The catalogue as reference documentation; `type` is in view. */
export class EventTypesView extends DashboardView {
  static override properties = { ...super.properties, type: { attribute: false } };
  declare type: string | undefined;

  protected override render(): TemplateResult {
    return html`<p class="muted">EventTypesView</p>`;
  }
}
