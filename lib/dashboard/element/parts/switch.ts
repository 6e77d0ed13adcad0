import { html, type TemplateResult } from 'lit';

interface SwitchOptions {
  readonly checked: boolean;
  readonly label: string;
  readonly busy?: boolean;
  readonly change: (checked: boolean) => void;
}

/** While busy, the switch is not `disabled`, which would lose the focus. */
export const toggle = ({ checked, label, busy = false, change }: SwitchOptions): TemplateResult =>
  html`<button
    type="button"
    class="switch"
    role="switch"
    aria-checked=${checked}
    aria-label=${label}
    aria-disabled=${busy}
    @click=${() => busy || change(!checked)}
  ></button>`;
