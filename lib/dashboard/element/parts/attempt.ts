import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookAttemptView, WebhookDeliveryView } from '../api/api-types.js';
import { codeBlock } from './code-block.js';
import { headersTable } from './headers-table.js';
import { prettyJson } from './json.js';
import { errorWords, responseWords } from './response.js';
import { attemptOutcome } from './status.js';
import { duration, timeToTheSecond } from './time.js';

interface AttemptOptions {
  readonly delivery: WebhookDeliveryView;
  readonly open: boolean;
  /** The body of each request; `null` where it is no longer kept. */
  readonly payload: string | null;
  readonly toggle: (open: boolean) => void;
  /** Of a response body; what is longer was cut. */
  readonly captureBytes: number | undefined;
}

/** One request of a delivery: a line, and behind it what was sent and what came back. */
export function attemptDetails(attempt: WebhookAttemptView, options: AttemptOptions): TemplateResult {
  const { number, durationMs, startedAt, statusCode, error } = attempt;
  const response = responseWords({ statusCode, errorCode: error?.code ?? null });
  const toggle = (event: Event): void => options.toggle((event.target as HTMLDetailsElement).open);
  return html`<details class="attempt" ?open=${options.open} @toggle=${toggle}>
    <summary>
      <span class="attempt-number">Attempt ${number}</span>
      ${attemptOutcome(attempt, options.delivery)}
      <span class="numeric">${response}</span>
      <span class="muted numeric">${duration(durationMs)}</span>
      <span class="muted attempt-time">${timeToTheSecond(startedAt)}</span>
    </summary>
    ${
      options.open
        ? html`<div class="exchange">
            <div class="stack">
              ${headersTable('Request headers', attempt.requestHeaders)} ${payload(options.payload)}
            </div>
            <div class="stack">
              ${error ? html`<p class="problem">${errorWords(error.code)}: ${error.message}</p>` : nothing}
              ${attempt.responseHeaders ? headersTable('Response headers', attempt.responseHeaders) : nothing}
              ${responseBody(attempt, options.captureBytes)}
            </div>
          </div>`
        : nothing
    }
  </details>`;
}

/** What is sent, the same each time. */
export const payload = (body: string | null): TemplateResult =>
  html`<div class="stack tight">
    <h4>Payload</h4>
    ${
      body === null
        ? html`<p class="muted">It is no longer kept.</p>`
        : codeBlock(prettyJson(body), { label: 'Payload', copies: body, copyLabel: 'Copy payload' })
    }
  </div>`;

function responseBody(
  { number, responseBody: body, statusCode }: WebhookAttemptView,
  captureBytes: number | undefined,
): TemplateResult {
  const note = (text: string): TemplateResult => html`<p class="muted small">${text}</p>`;
  const content = (): unknown => {
    if (body === null) return note(statusCode === null ? 'No response.' : 'It was not kept.');
    if (captureBytes === 0) return note('Response bodies are not kept.');
    if (body === '') return note('Empty body.');
    return html`${isCut(body, captureBytes) ? note(`The start of it: the first ${size(captureBytes!)} are kept.`) : nothing}
    ${codeBlock(body, { label: `Response body of attempt ${number}`, copyLabel: 'Copy body' })}`;
  };
  return html`<div class="stack tight">
    <h4>Response body</h4>
    ${content()}
  </div>`;
}

/** A character of up to 4 bytes is left out where it does not fit. */
const isCut = (body: string, captureBytes: number | undefined): boolean =>
  captureBytes !== undefined && new TextEncoder().encode(body).length > captureBytes - 4;

const size = (bytes: number): string =>
  bytes < 1024 ? `${bytes} bytes` : `${Number((bytes / 1024).toFixed(1))} KB`;
