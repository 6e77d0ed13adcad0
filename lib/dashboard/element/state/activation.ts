import { html } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import type { DashboardContext } from '../dashboard-view.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';
import { MISSED_MARGIN_MS, missedSince } from './missed-since.js';

/** @param since epoch ms: the time from which a webhook that was turned on may have missed events */
export type Changed = (endpoint: WebhookEndpointView, since?: number) => void;

/**
 * Turns a webhook on, and tells the parent views.
 * @throws ApiError
 */
export async function turnOn(
  view: HTMLElement,
  { api }: DashboardContext,
  endpointId: string,
): Promise<void> {
  const endpoint = await api.update(endpointId, { active: true });
  view.dispatchEvent(new CustomEvent('endpoint-changed', { detail: endpoint, bubbles: true }));
}

/** Turns a webhook on or off, and shows a message. Turning it off can be undone. */
export async function activate(
  context: DashboardContext,
  before: WebhookEndpointView,
  active: boolean,
  changed: Changed,
): Promise<void> {
  const { id, disabledAt } = before;
  const name = html`<bdi>${before.name}</bdi>`;
  try {
    const after = await context.api.update(id, { active });
    // A webhook without `disabledAt` was created while off, so it missed nothing.
    const since = active && disabledAt !== null ? notBefore(before, missedSince(before)) : undefined;
    changed(after, since);
    const action = { label: () => t('undo'), run: () => void undo(context, after, changed) };
    if (active) context.notify(() => rich('is-active', { name }));
    else context.notify(() => rich('is-paused', { name }), 'success', action);
  } catch (error) {
    context.notify(() => messageOf(error), 'error');
  }
}

/** Turns the webhook on again, and sends the events that it missed meanwhile. */
async function undo(context: DashboardContext, paused: WebhookEndpointView, changed: Changed): Promise<void> {
  const { id, name, disabledAt, updatedAt } = paused;
  try {
    changed(await context.api.update(id, { active: true }));
    const since = notBefore(paused, Date.parse(disabledAt ?? updatedAt) - MISSED_MARGIN_MS);
    const { resent, created } = await context.api.recover(id, { since });
    const count = resent + created;
    const shown = html`<bdi>${name}</bdi>`;
    context.notify(() =>
      count === 0
        ? rich('is-active-again', { name: shown })
        : html`${rich('is-active-again', { name: shown })} ${t('missed.sent', { count })}`,
    );
  } catch (error) {
    context.notify(() => messageOf(error), 'error');
  }
}

/**
 * Events from before the webhook was created were never for it. One millisecond less keeps the period from
 * being empty if the webhook was created just now.
 */
const notBefore = ({ createdAt }: WebhookEndpointView, since: number): number =>
  Math.max(since, Date.parse(createdAt) - 1);
