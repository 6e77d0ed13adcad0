import { LitElement, html, type TemplateResult } from 'lit';
import { icon } from './icon.js';

const SHOWN_MS = 2_000;

/** Copies its `text`; says so, to screen readers too. */
export class WebhooksCopyButton extends LitElement {
  static override properties = {
    text: { attribute: false },
    label: {},
    copied: { state: true },
  };
  declare text: string;
  declare label: string;
  declare private copied: boolean | undefined;
  private timer: number | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    return html`<button type="button" class="button small" @click=${this.copy}>
      ${icon(this.copied ? 'check' : 'copy', 14)}
      <span class="copy-label" aria-live="polite"
        >${this.copied ? 'Copied' : this.copied === false ? 'Copy failed' : (this.label ?? 'Copy')}</span
      >
    </button>`;
  }

  private readonly copy = async (): Promise<void> => {
    this.copied = await copyText(this.text, this);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.copied = undefined), SHOWN_MS);
  };
}

/** `navigator.clipboard` is there only over https and on localhost. */
export async function copyText(text: string, beside: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'sr-only';
    beside.append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    beside.querySelector('button')?.focus();
    return copied;
  }
}
