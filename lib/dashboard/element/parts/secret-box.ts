import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookSettingsView } from '../api/api-types.js';
import { codeBlock } from './code-block.js';
import { snippets } from './snippets.js';
import { rich, t } from '../texts/t.js';

/** Shows a secret as plain text, with a copy button. */
export const secretBox = (secret: string, label = t('secret.copy')): TemplateResult =>
  html`<div class="secret">
    <code class="break">${secret}</code>
    <webhooks-copy-button .text=${secret} label=${label}></webhooks-copy-button>
  </div>`;

/** Explains how a receiver verifies our signature. */
export const verifying = (settings: WebhookSettingsView): TemplateResult =>
  html`${settings.signatureHeader === null ? byOthers(settings) : byHex(settings.signatureHeader)}
  ${settings.signatureHeaders.some(({ name }) => name === 'webhook-signature') ? standard() : nothing}`;

const byHex = (header: string): TemplateResult =>
  html`<p class="muted">${rich('verify.text', { header: html`<code class="break">${header}</code>` })}</p>
    <webhooks-languages
      .languages=${snippets(header).map(({ language, label, code }) => ({
        language,
        label,
        content: codeBlock(code, { label, copyLabel: t('verify.copy') }),
      }))}
    ></webhooks-languages>`;

const byOthers = ({ signatureHeaders }: WebhookSettingsView): TemplateResult =>
  html`<p class="muted">
    ${t('verify.others')} ${signatureHeaders.map(({ name }) => html`<code class="break">${name}</code> `)}
  </p>`;

const standard = (): TemplateResult => {
  const link = html`<a href="https://www.standardwebhooks.com" target="_blank" rel="noopener noreferrer"
    >standardwebhooks.com</a
  >`;
  return html`<p class="hint">${rich('verify.standard', { link })}</p>`;
};
