import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDraftTestView, WebhookSettingsView, WebhookTestView } from '../api/api-types.js';
import { adviceFor, statusWords } from './advice.js';
import { codeBlock } from './code-block.js';
import { headersTable } from './headers-table.js';
import { prettyJson } from './json.js';
import { duration } from './time.js';

/** Of a webhook, or of one that is not saved. */
export type TestOutcome = WebhookTestView | WebhookDraftTestView;

/** What came of a test, and what to do about it. */
export function testOutcome(
  test: TestOutcome,
  { timeoutMs }: WebhookSettingsView,
  log: TemplateResult | typeof nothing,
): TemplateResult {
  const { outcome, statusCode, error, durationMs, url } = test;
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
    ${error ? html`<p class="small break">In detail: ${error.message}.</p>` : nothing} ${log}
  </div>`;
}

/** What the server answered, if it did. */
export function testResponse(
  { responseHeaders, responseBody }: TestOutcome,
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

/** What was sent, with the signature. */
export const testRequest = (test: TestOutcome): TemplateResult =>
  html`<section class="stack snug test-request" aria-label="Request">
    <h3>Request</h3>
    <p class="break small"><code>POST ${test.url}</code></p>
    ${codeBlock(prettyJson(test.requestBody), {
      label: 'Body of the request',
      copies: test.requestBody,
      copyLabel: 'Copy request',
    })}
    ${
      'secret' in test
        ? html`<p class="hint">
              Signed with a one-time secret. The webhook gets another one when you add it. Give this one to
              your server to try its verification: the next tests of this dialog use it again.
            </p>
            ${codeBlock(test.secret, { label: 'One-time secret', copyLabel: 'Copy secret' })}`
        : nothing
    }
    <details>
      <summary>Request headers, with the signature</summary>
      ${headersTable('Headers of the request', test.requestHeaders)}
    </details>
  </section>`;
