import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookRecoveryPreviewView } from '../api/api-types.js';
import { messageOf } from '../texts/error-texts.js';

/** One that was started: what its deliveries have come to. */
export interface Recovery {
  readonly total: number;
  readonly delivered: number;
  /** Attempted without success, and to be attempted again. */
  readonly retrying: number;
  /** Failed for good, or canceled. */
  readonly failed: number;
  /** Not sent yet. */
  readonly waiting: number;
  /** Why the last look at it failed. */
  readonly error?: unknown;
}

/** What the routes count of a period: other deliveries of it may be under way too. */
type Counts = Pick<WebhookRecoveryPreviewView, 'failed' | 'canceled' | 'waiting' | 'retrying'>;

/**
 * What has become of `total` deliveries that were started, by what is there of the period now. The counts do not tell which
 * deliveries they are of: what was `underWay` before is taken to have been delivered first.
 */
export function recoveryOf(total: number, underWay: number, now: Counts): Recovery {
  const part = (amount: number, most: number): number => Math.max(0, Math.min(amount, most));
  const open = now.waiting + now.retrying + now.failed + now.canceled;
  const delivered = part(total + underWay - open, total);
  const failed = part(now.failed + now.canceled, total - delivered);
  const retrying = part(now.retrying, total - delivered - failed);
  return { total, delivered, failed, retrying, waiting: total - delivered - failed - retrying };
}

const number = new Intl.NumberFormat();

export const count = (amount: number, one: string, many: string): string =>
  `${number.format(amount)} ${amount === 1 ? one : many}`;

/** What a recovery would do. */
export function recoveryPreview(preview: WebhookRecoveryPreviewView): TemplateResult {
  const { failed, canceled, toCreate, waiting, retrying, exact } = preview;
  const parts = [
    failed > 0 && count(failed, 'failed delivery will be resent.', 'failed deliveries will be resent.'),
    canceled > 0 &&
      count(canceled, 'canceled delivery will be resent.', 'canceled deliveries will be resent.'),
    toCreate > 0 &&
      count(
        toCreate,
        'event that this webhook never received will be sent.',
        'events that this webhook never received will be sent.',
      ),
  ].filter(Boolean);
  return html`${
    parts.length === 0
      ? html`<p>There is nothing to recover in this period.</p>`
      : html`<ul>
          ${parts.map((part) => html`<li>${part}</li>`)}
        </ul>`
  }
  ${exact ? nothing : html`<p class="muted">Fewer where the filter doesn’t match: it was tried on a part of them.</p>`}
  ${waiting + retrying > 0 ? html`<p class="muted">${underWay(waiting + retrying)}</p>` : nothing}`;
}

const underWay = (amount: number): string =>
  count(
    amount,
    'other delivery of this period is already being sent or retried.',
    'other deliveries of this period are already being sent or retried.',
  );

const OUTCOMES: readonly (readonly ['delivered' | 'retrying' | 'failed' | 'waiting', string, string])[] = [
  ['delivered', 'delivered', 'success'],
  ['retrying', 'being retried', 'warning'],
  ['failed', 'failed', 'failure'],
  ['waiting', 'waiting', ''],
];

export function recoveryProgress(recovery: Recovery): TemplateResult {
  const { total, waiting, retrying, error } = recovery;
  if (total === 0) return html`<p role="status">There was nothing left to recover.</p>`;
  const some = OUTCOMES.filter(([key]) => key === 'delivered' || recovery[key] > 0);
  return html`<div class="stack">
    <div class="recover-progress">
      <label for="recover-progress" class="label">${headingOf(recovery)}</label>
      <span class="numeric muted">${number.format(total - waiting)} of ${number.format(total)} sent</span>
      <progress id="recover-progress" max=${total} .value=${total - waiting}></progress>
    </div>
    <ul class="row recover-outcomes numeric" role="status">
      ${some.map(
        ([key, words, tone]) =>
          html`<li class=${recovery[key] > 0 ? tone : 'muted'}>${number.format(recovery[key])} ${words}</li>`,
      )}
    </ul>
    <p class="muted">${adviceOf(waiting, retrying)}</p>
    ${error ? html`<p class="problem" role="alert">Not up to date. ${messageOf(error)}</p>` : nothing}
  </div>`;
}

function headingOf({ waiting, retrying, failed, delivered }: Recovery): string {
  if (waiting > 0) return 'Recovering';
  if (retrying > 0) return delivered === 0 ? 'Nothing was delivered yet' : 'Being retried';
  return failed > 0 ? 'Finished, not all delivered' : 'All delivered';
}

function adviceOf(waiting: number, retrying: number): string {
  if (waiting > 0) return 'You can close this. Sending goes on.';
  return retrying > 0
    ? 'Your server did not accept them yet. They are retried by the schedule, and the log shows why.'
    : 'The log shows each one.';
}
