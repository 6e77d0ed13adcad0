import { html, type TemplateResult } from 'lit';
import { t } from '../texts/t.js';

interface CodeBlockOptions {
  /** What it is, for screen readers. */
  readonly label: string;
  /** What the button copies, where it is not what is shown. */
  readonly copies?: string;
  readonly copyLabel?: string;
}

/** A text as it is, with a button that copies it. It scrolls where it is long, by keyboard too. */
export const codeBlock = (
  text: string,
  { label, copies = text, copyLabel = t('copy.copy') }: CodeBlockOptions,
): TemplateResult =>
  html`<div class="code">
    <pre tabindex="0" role="region" aria-label=${label}>${text}</pre>
    <webhooks-copy-button .text=${copies} label=${copyLabel}></webhooks-copy-button>
  </div>`;
