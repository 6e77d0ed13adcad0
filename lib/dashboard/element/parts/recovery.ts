import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookRecoveryPreviewView } from '../api/api-types.js';
import { outdated } from './states.js';
import { t } from '../texts/t.js';

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

/** What a recovery would do. */
export function recoveryPreview(preview: WebhookRecoveryPreviewView): TemplateResult {
  const { failed, canceled, toCreate, waiting, retrying, exact } = preview;
  const parts = [
    failed > 0 && t('recover.failed', { count: failed }),
    canceled > 0 && t('recover.canceled', { count: canceled }),
    toCreate > 0 && t('recover.missed', { count: toCreate }),
  ].filter(Boolean);
  const underWay = waiting + retrying;
  return html`${
    parts.length === 0
      ? html`<p>${t('recover.nothing')}</p>`
      : html`<ul>
          ${parts.map((part) => html`<li>${part}</li>`)}
        </ul>`
  }
  ${exact ? nothing : html`<p class="muted">${t('recover.inexact')}</p>`}
  ${underWay > 0 ? html`<p class="muted">${t('recover.under-way', { count: underWay })}</p>` : nothing}`;
}

const OUTCOMES = [
  ['delivered', 'recover.delivered', 'success'],
  ['retrying', 'recover.retrying', 'warning'],
  ['failed', 'recover.given-up', 'failure'],
  ['waiting', 'recover.waiting', ''],
] as const;

export function recoveryProgress(recovery: Recovery): TemplateResult {
  const { total, waiting, retrying, error } = recovery;
  if (total === 0) return html`<p role="status">${t('recover.nothing-left')}</p>`;
  const some = OUTCOMES.filter(([key]) => key === 'delivered' || recovery[key] > 0);
  return html`<div class="stack">
    <div class="recover-progress">
      <label for="recover-progress" class="label">${headingOf(recovery)}</label>
      <span class="numeric muted">${t('recover.sent', { count: total - waiting, total })}</span>
      <progress id="recover-progress" max=${total} .value=${total - waiting}></progress>
    </div>
    <ul class="row recover-outcomes numeric" role="status">
      ${some.map(
        ([key, words, tone]) =>
          html`<li class=${recovery[key] > 0 ? tone : 'muted'}>${t(words, { count: recovery[key] })}</li>`,
      )}
    </ul>
    <p class="muted">${adviceOf(waiting, retrying)}</p>
    ${error ? html`<p class="problem" role="alert">${outdated(error)}</p>` : nothing}
  </div>`;
}

function headingOf({ waiting, retrying, failed, delivered }: Recovery): string {
  if (waiting > 0) return t('recover.recovering');
  if (retrying > 0) return t(delivered === 0 ? 'recover.none-delivered' : 'recover.being-retried');
  return t(failed > 0 ? 'recover.not-all' : 'recover.all');
}

function adviceOf(waiting: number, retrying: number): string {
  if (waiting > 0) return t('recover.goes-on');
  return t(retrying > 0 ? 'recover.not-accepted' : 'recover.see-log');
}
