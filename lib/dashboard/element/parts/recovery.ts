import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookRecoveryPreviewView } from '../api/api-types.js';
import { outdated } from './states.js';
import { t } from '../texts/t.js';

/** A recovery that has started, with the states of its deliveries. */
export interface Recovery {
  readonly total: number;
  readonly delivered: number;
  /** Failed at least once, and will be retried. */
  readonly retrying: number;
  /** Failed for good, or canceled. */
  readonly failed: number;
  /** Not sent yet. */
  readonly waiting: number;
  /** The error of the last request for its progress. */
  readonly error?: unknown;
}

/** The routes' counts for a period. They include deliveries that the recovery did not start. */
type Counts = Pick<WebhookRecoveryPreviewView, 'failed' | 'canceled' | 'waiting' | 'retrying'>;

/**
 * Estimates the progress of a recovery of `total` deliveries from the counts of its period. The counts do not
 * say which deliveries the recovery started, so we assume that those `underWay` before it succeed first.
 */
export function recoveryOf(total: number, underWay: number, now: Counts): Recovery {
  const part = (amount: number, most: number): number => Math.max(0, Math.min(amount, most));
  const open = now.waiting + now.retrying + now.failed + now.canceled;
  const delivered = part(total + underWay - open, total);
  const failed = part(now.failed + now.canceled, total - delivered);
  const retrying = part(now.retrying, total - delivered - failed);
  return { total, delivered, failed, retrying, waiting: total - delivered - failed - retrying };
}

/** Shows what a recovery would do. */
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
