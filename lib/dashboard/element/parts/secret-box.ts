import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookSettingsView } from '../api/api-types.js';
import { codeBlock } from './code-block.js';
import { snippets } from './snippets.js';

/** A secret in plain text, with a button that copies it. */
export const secretBox = (secret: string, label = 'Copy secret'): TemplateResult =>
  html`<div class="secret">
    <code class="break">${secret}</code>
    <webhooks-copy-button .text=${secret} label=${label}></webhooks-copy-button>
  </div>`;

/** How a receiver knows that a request is ours. */
export const verifying = (settings: WebhookSettingsView): TemplateResult =>
  html`${settings.signatureHeader === null ? byOthers(settings) : byHex(settings.signatureHeader)}
  ${settings.signatureHeaders.some(({ name }) => name === 'webhook-signature') ? STANDARD : nothing}`;

const byHex = (header: string): TemplateResult =>
  html`<p class="muted">
      Anybody who knows your URL can send requests to it. The header
      <code class="break">${header}</code> tells which ones are genuine: it is the HMAC-SHA256 of the body, in
      hex, made with your secret.
    </p>
    <webhooks-languages
      .languages=${snippets(header).map(({ language, label, code }) => ({
        language,
        label,
        content: codeBlock(code, { label, copyLabel: 'Copy code' }),
      }))}
    ></webhooks-languages>`;

const byOthers = ({ signatureHeaders }: WebhookSettingsView): TemplateResult =>
  html`<p class="muted">
    Anybody who knows your URL can send requests to it. Their signature tells which ones are genuine:
    ${signatureHeaders.map(({ name }) => html`<code class="break">${name}</code> `)}
  </p>`;

const STANDARD = html`<p class="hint">
  Each request is signed by the scheme of Standard Webhooks, in <code>webhook-signature</code>. It also keeps
  old requests from being sent again, and has libraries:
  <a href="https://www.standardwebhooks.com" target="_blank" rel="noopener noreferrer">standardwebhooks.com</a
  >.
</p>`;
