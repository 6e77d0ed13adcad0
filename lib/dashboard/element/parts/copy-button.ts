import { html, type TemplateResult } from 'lit';
import { InnerElement } from '../texts/inner-element.js';
import { icon } from './icon.js';
import { t } from '../texts/t.js';

const SHOWN_MS = 2_000;

/** Copies its `text`, and announces that to screen readers, too. */
export class WebhooksCopyButton extends InnerElement {
  static override properties = {
    text: { attribute: false },
    label: {},
    copied: { state: true },
  };
  declare text: string;
  declare label: string;
  declare private copied: boolean | undefined;
  private timer: number | undefined;

  override disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    return html`<button type="button" class="button small" @click=${this.copy}>
      ${icon(this.copied ? 'check' : 'copy', 14)}
      <span class="copy-label" aria-live="polite"
        >${
          this.copied
            ? t('copy.copied')
            : this.copied === false
              ? t('copy.failed')
              : (this.label ?? t('copy.copy'))
        }</span
      >
    </button>`;
  }

  private readonly copy = async (): Promise<void> => {
    this.copied = await copyText(this.text, this);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.copied = undefined), SHOWN_MS);
  };
}

/** `navigator.clipboard` only exists over https and on localhost. */
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
