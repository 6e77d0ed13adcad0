import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookRecoveryPreviewView } from '../api/api-types.js';
import { messageOf } from './states.js';

/** One that was started: how many deliveries it has, and how many of them had their first attempt. */
export interface Recovery {
  readonly resent: number;
  readonly created: number;
  readonly total: number;
  readonly sent: number;
  /** Of the period: final again without success. */
  readonly failed: number;
  readonly done: boolean;
  /** Why the last look at it failed. */
  readonly error?: unknown;
}

const number = new Intl.NumberFormat();

export const count = (amount: number, one: string, many: string): string =>
  `${number.format(amount)} ${amount === 1 ? one : many}`;

/** What a recovery would do. */
export function recoveryPreview({ toResend, toCreate, waiting }: WebhookRecoveryPreviewView): TemplateResult {
  const again = count(toResend, 'failed delivery is sent again', 'failed deliveries are sent again');
  const first = count(
    toCreate,
    'event that never reached this webhook is sent for the first time',
    'events that never reached this webhook are sent for the first time',
  );
  const parts = [...(toResend > 0 ? [again] : []), ...(toCreate > 0 ? [first] : [])];
  return html`<p>
      ${parts.length === 0 ? 'There is nothing to recover in this period.' : `${parts.join(', ')}.`}
    </p>
    ${waiting > 0 ? html`<p class="muted">${underWay(waiting)}.</p>` : nothing}`;
}

const underWay = (waiting: number): string =>
  count(
    waiting,
    'delivery of this period is waiting to be sent already',
    'deliveries of this period are waiting to be sent already',
  );

export function recoveryProgress(recovery: Recovery): TemplateResult {
  const { total, sent, done, error } = recovery;
  const text = `${number.format(sent)} of ${number.format(total)} sent`;
  return html`<div class="stack">
    <div class="recover-progress">
      <label for="recover-progress" class="label">${done ? 'Recovery done' : 'Recovering'}</label>
      <span class="numeric muted">${text}</span>
      <progress id="recover-progress" max=${Math.max(1, total)} .value=${total === 0 ? 1 : sent}></progress>
    </div>
    <div role="status">${done ? summary(recovery) : html`<p>You can close this. Sending goes on.</p>`}</div>
    ${error ? html`<p class="problem" role="alert">Not up to date. ${messageOf(error)}</p>` : nothing}
  </div>`;
}

function summary({ total, resent, created, failed }: Recovery): TemplateResult {
  if (total === 0) return html`<p>Nothing was left to recover.</p>`;
  const parts = [
    ...(resent > 0 ? [`${number.format(resent)} sent again`] : []),
    ...(created > 0 ? [`${number.format(created)} sent for the first time`] : []),
  ];
  return html`<p>
      ${parts.join(', ')}. What was not delivered is retried by the schedule. The log shows how it goes.
    </p>
    ${failed > 0 ? html`<p>${count(failed, 'delivery', 'deliveries')} of this period failed for good.</p>` : nothing}`;
}
