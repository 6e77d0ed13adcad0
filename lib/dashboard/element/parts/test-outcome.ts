import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookSettingsView, WebhookTestView } from '../api/api-types.js';
import { adviceFor, statusWords } from './advice.js';
import { codeBlock } from './code-block.js';
import { headersTable } from './headers-table.js';
import { prettyJson } from './json.js';
import { duration } from './time.js';

/** What came of a test, and what to do about it. */
export function testOutcome(
  test: WebhookTestView,
  url: string,
  { timeoutMs }: WebhookSettingsView,
  log: TemplateResult,
): TemplateResult {
  const { outcome, statusCode, error, durationMs } = test;
  const advice = adviceFor(test, { url, timeoutMs });
  const succeeded = outcome === 'succeeded';
  const answer =
    statusCode === null
      ? `after ${duration(durationMs)}`
      : `with ${statusWords(statusCode)} in ${duration(durationMs)}`;
  return html`<div class="notice ${succeeded ? 'success' : 'failure'}">
    <p class="numeric"><strong>${succeeded ? 'Succeeded' : 'Failed'}</strong> ${answer}</p>
    <p class="break">
      ${advice ? `${advice.problem} ${advice.advice}` : 'Your server has received the event.'}
    </p>
    ${error ? html`<p class="small break">In detail: ${error.message}.</p>` : nothing}
    <p>${log}</p>
  </div>`;
}

/** What the server answered, if it did. */
export function testResponse(
  { responseHeaders, responseBody }: WebhookTestView,
  { captureBytes }: WebhookSettingsView,
): TemplateResult | typeof nothing {
  if (responseHeaders === null) return nothing;
  const body = responseBody ?? '';
  const isCut = new TextEncoder().encode(body).length >= captureBytes;
  return html`<section class="stack snug test-response" aria-label="Response">
    <h3>Response</h3>
    ${
      body === ''
        ? html`<p class="muted">It had no body.</p>`
        : codeBlock(prettyJson(body), {
            label: 'Body of the response',
            copies: body,
            copyLabel: 'Copy response',
          })
    }
    ${isCut ? html`<p class="hint">Only the first ${captureBytes} bytes are kept.</p>` : nothing}
    <details>
      <summary>Response headers</summary>
      ${headersTable('Headers of the response', responseHeaders)}
    </details>
  </section>`;
}
