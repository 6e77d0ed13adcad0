import { html, type TemplateResult } from 'lit';
import { t } from '../texts/t.js';

interface CodeBlockOptions {
  /** The label for screen readers. */
  readonly label: string;
  /** What the button copies, if that differs from the shown text. */
  readonly copies?: string;
  readonly copyLabel?: string;
}

/** A text with a button that copies it. A long text scrolls, also by keyboard. */
export const codeBlock = (
  text: string,
  { label, copies = text, copyLabel = t('copy.copy') }: CodeBlockOptions,
): TemplateResult =>
  html`<div class="code">
    <pre tabindex="0" role="region" aria-label=${label}>${text}</pre>
    <webhooks-copy-button .text=${copies} label=${copyLabel}></webhooks-copy-button>
  </div>`;
