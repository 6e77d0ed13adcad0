import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDraftTestView, WebhookSettingsView, WebhookTestView } from '../api/api-types.js';
import { adviceFor, statusWords } from './advice.js';
import { size } from './attempt.js';
import { codeBlock } from './code-block.js';
import { headersTable } from './headers-table.js';
import { prettyJson } from './json.js';
import { duration } from './time.js';
import { rich, t } from '../texts/t.js';

/** The result for a saved webhook, or for the one in the form. */
export type TestOutcome = WebhookTestView | WebhookDraftTestView;

/** Shows the result of a test, and what to do about it. */
export function testOutcome(
  test: TestOutcome,
  { timeoutMs }: WebhookSettingsView,
  log: TemplateResult | typeof nothing,
): TemplateResult {
  const { outcome, statusCode, error, durationMs, url } = test;
  const advice = adviceFor(test, { url, timeoutMs });
  const succeeded = outcome === 'succeeded';
  const time = duration(durationMs);
  const word = html`<strong>${t(succeeded ? 'status.succeeded' : 'status.failed')}</strong>`;
  const answer =
    statusCode === null
      ? rich('test.no-answer', { outcome: word, time })
      : rich('test.succeeded', { outcome: word, status: statusWords(statusCode), time });
  return html`<div class="notice ${succeeded ? 'success' : 'failure'}">
    <p class="numeric">${answer}</p>
    <p class="break">${advice ? `${advice.problem} ${advice.advice}` : t('test.received')}</p>
    ${error ? html`<p class="small break">${t('test.details', { message: error.message })}</p>` : nothing}
    ${log}
  </div>`;
}

/** Shows the server's response, if there was one. */
export function testResponse(
  { responseHeaders, responseBody }: TestOutcome,
  { captureBytes }: WebhookSettingsView,
): TemplateResult | typeof nothing {
  if (responseHeaders === null) return nothing;
  const body = responseBody ?? '';
  const isCut = new TextEncoder().encode(body).length >= captureBytes;
  return html`<section class="stack snug test-response" aria-label=${t('test.response')}>
    <h3>${t('test.response')}</h3>
    ${
      body === ''
        ? html`<p class="muted">${t('attempt.empty-body')}</p>`
        : codeBlock(prettyJson(body), {
            label: t('test.body-of'),
            copies: body,
            copyLabel: t('test.copy-response'),
          })
    }
    ${isCut ? html`<p class="hint">${t('test.cut', { size: size(captureBytes) })}</p>` : nothing}
    <details>
      <summary>${t('attempt.response-headers')}</summary>
      ${headersTable(t('test.headers-of'), responseHeaders)}
    </details>
  </section>`;
}

/** Shows the sent request with its signature. */
export const testRequest = (test: TestOutcome): TemplateResult =>
  html`<section class="stack snug test-request" aria-label=${t('delivery.request')}>
    <h3>${t('delivery.request')}</h3>
    <p class="break small"><code>POST ${test.url}</code></p>
    ${codeBlock(prettyJson(test.requestBody), {
      label: t('test.request-body'),
      copies: test.requestBody,
      copyLabel: t('test.copy-request'),
    })}
    ${
      'secret' in test
        ? html`<p class="hint">${t('test.one-time')}</p>
            ${codeBlock(test.secret, { label: t('test.secret'), copyLabel: t('secret.copy') })}`
        : nothing
    }
    <details>
      <summary>${t('test.request-headers')}</summary>
      ${headersTable(t('test.request-headers-of'), test.requestHeaders)}
    </details>
  </section>`;
