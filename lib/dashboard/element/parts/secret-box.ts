import { html, type TemplateResult } from 'lit';
import type { WebhookSettingsView } from '../api/api-types.js';

/** A secret in plain text, with a button that copies it. */
export const secretBox = (secret: string, label = 'Copy secret'): TemplateResult =>
  html`<div class="secret">
    <code class="break">${secret}</code>
    <webhooks-copy-button .text=${secret} label=${label}></webhooks-copy-button>
  </div>`;

/** How a receiver knows that a request is ours. */
export const verifying = ({ signatureHeader }: WebhookSettingsView): TemplateResult =>
  html`<p class="muted">
      Anybody who knows your URL can send requests to it. The header
      <code class="break">${signatureHeader}</code> tells which ones are genuine: it is the HMAC-SHA256 of the
      body, in hex, made with your secret.
    </p>
    <webhooks-snippets .signatureHeader=${signatureHeader}></webhooks-snippets>
    <p class="hint">
      Each request is signed by the scheme of Standard Webhooks too, in <code>webhook-signature</code>. It
      also keeps old requests from being sent again, and has libraries:
      <a href="https://www.standardwebhooks.com" target="_blank" rel="noopener noreferrer"
        >standardwebhooks.com</a
      >.
    </p>`;
