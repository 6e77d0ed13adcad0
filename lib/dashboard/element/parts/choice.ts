import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

interface Choice {
  readonly checked: boolean;
  readonly label: unknown;
  readonly description?: string;
  /** Some of what it stands for is chosen. */
  readonly partly?: boolean;
  readonly class?: string;
  readonly change: (checked: boolean) => void;
}

/** A checkbox with its label, and a line below it. */
export const choice = ({ checked, partly = false, label, description, ...rest }: Choice): TemplateResult =>
  html`<label class="choice ${rest.class ?? ''}">
    <input
      type="checkbox"
      .checked=${live(checked)}
      .indeterminate=${live(partly)}
      @change=${(event: Event) => rest.change((event.target as HTMLInputElement).checked)}
    />
    <span class="break">
      ${label}${description ? html`<span class="hint">${description}</span>` : nothing}
    </span>
  </label>`;
