import { html, type TemplateResult } from 'lit';

interface SwitchOptions {
  readonly checked: boolean;
  readonly label: string;
  readonly busy?: boolean;
  readonly change: (checked: boolean) => void;
}

export const toggle = ({ checked, label, busy = false, change }: SwitchOptions): TemplateResult =>
  html`<button
    type="button"
    class="switch"
    role="switch"
    aria-checked=${checked}
    aria-label=${label}
    ?disabled=${busy}
    @click=${() => change(!checked)}
  ></button>`;
