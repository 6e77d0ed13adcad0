import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookAttemptView, WebhookDeliveryView } from '../api/api-types.js';
import { codeBlock } from './code-block.js';
import { headersTable } from './headers-table.js';
import { prettyJson } from './json.js';
import { errorWords, responseWords } from './response.js';
import { attemptOutcome } from './status.js';
import { duration, timeToTheSecond } from './time.js';
import { t } from '../texts/t.js';

interface AttemptOptions {
  readonly delivery: WebhookDeliveryView;
  readonly open: boolean;
  /** The body of each request; `null` once it has been deleted. */
  readonly payload: string | null;
  readonly toggle: (open: boolean) => void;
  /** The length at which response bodies are cut. */
  readonly captureBytes: number | undefined;
}

/** One request of a delivery: a line that opens to show the request and the response. */
export function attemptDetails(attempt: WebhookAttemptView, options: AttemptOptions): TemplateResult {
  const { number, durationMs, startedAt, statusCode, error } = attempt;
  const response = responseWords({ statusCode, errorCode: error?.code ?? null });
  const toggle = (event: Event): void => options.toggle((event.target as HTMLDetailsElement).open);
  return html`<details class="attempt" ?open=${options.open} @toggle=${toggle}>
    <summary>
      <span class="attempt-number">${t('attempt.attempt', { number })}</span>
      ${attemptOutcome(attempt, options.delivery)}
      <span class="numeric">${response}</span>
      <span class="muted numeric">${duration(durationMs)}</span>
      <span class="muted attempt-time">${timeToTheSecond(startedAt)}</span>
    </summary>
    ${
      options.open
        ? html`<div class="exchange">
            <div class="stack">
              ${headersTable(t('attempt.request-headers'), attempt.requestHeaders)}
              ${payload(options.payload)}
            </div>
            <div class="stack">
              ${
                error
                  ? html`<p class="problem">
                      ${t('attempt.error', { error: errorWords(error.code), detail: error.message })}
                    </p>`
                  : nothing
              }
              ${attempt.responseHeaders ? headersTable(t('attempt.response-headers'), attempt.responseHeaders) : nothing}
              ${responseBody(attempt, options.captureBytes)}
            </div>
          </div>`
        : nothing
    }
  </details>`;
}

/** Shows the payload, which is the same in each attempt. */
export const payload = (body: string | null): TemplateResult =>
  html`<div class="stack tight">
    <h4>${t('attempt.payload')}</h4>
    ${
      body === null
        ? html`<p class="muted">${t('attempt.payload-gone')}</p>`
        : codeBlock(prettyJson(body), {
            label: t('attempt.payload'),
            copies: body,
            copyLabel: t('attempt.copy-payload'),
          })
    }
  </div>`;

function responseBody(
  { number, responseBody: body, statusCode }: WebhookAttemptView,
  captureBytes: number | undefined,
): TemplateResult {
  const note = (text: string): TemplateResult => html`<p class="muted small">${text}</p>`;
  const content = (): unknown => {
    if (body === null) return note(t(statusCode === null ? 'attempt.no-response' : 'attempt.not-kept'));
    if (captureBytes === 0) return note(t('attempt.bodies-not-kept'));
    if (body === '') return note(t('attempt.empty-body'));
    return html`${isCut(body, captureBytes) ? note(t('attempt.cut', { size: size(captureBytes!) })) : nothing}
    ${codeBlock(body, { label: t('attempt.response-body-of', { number }), copyLabel: t('attempt.copy-body') })}`;
  };
  return html`<div class="stack tight">
    <h4>${t('attempt.response-body')}</h4>
    ${content()}
  </div>`;
}

/** A character of up to 4 bytes is left out if it does not fit. */
const isCut = (body: string, captureBytes: number | undefined): boolean =>
  captureBytes !== undefined && new TextEncoder().encode(body).length > captureBytes - 4;

export const size = (bytes: number): string =>
  bytes < 1024
    ? t('size.bytes', { count: bytes })
    : t('size.kilobytes', { count: Number((bytes / 1024).toFixed(1)) });
