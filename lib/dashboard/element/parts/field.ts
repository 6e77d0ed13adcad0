import { html, nothing, type TemplateResult } from 'lit';

interface FieldOptions {
  /** The control's id, unique within the dashboard. */
  readonly id: string;
  readonly label: unknown;
  readonly hint?: unknown;
  readonly problem?: unknown;
  readonly control: TemplateResult;
}

/** The value for `aria-describedby` on the control of a `field`. */
export const describedBy = (id: string): string => `${id}-problem ${id}-hint`;

/** A control with its label, its hint, and its problem. */
export const field = ({ id, label, hint, problem, control }: FieldOptions): TemplateResult =>
  html`<div class="field" ?data-problem=${problem !== undefined}>
    <label for=${id}>${label}</label>
    ${control} ${problem === undefined ? nothing : html`<p class="problem" id="${id}-problem">${problem}</p>`}
    ${hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
