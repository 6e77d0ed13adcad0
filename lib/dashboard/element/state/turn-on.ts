import type { DashboardContext } from '../dashboard-view.js';

/** Turns a webhook on, and tells the views above. @throws ApiError */
export async function turnOn(
  view: HTMLElement,
  { api }: DashboardContext,
  endpointId: string,
): Promise<void> {
  const endpoint = await api.update(endpointId, { active: true });
  view.dispatchEvent(new CustomEvent('endpoint-changed', { detail: endpoint, bubbles: true }));
}
