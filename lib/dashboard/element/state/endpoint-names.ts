import { ApiError } from '../api/api-error.js';
import type { WebhooksApi } from '../api/webhooks-api.js';

/** Up to this many names are loaded one by one. For more, a page of the list is loaded first. */
const FEW = 10;
const PAGE = 250;

/** `null` means deleted. A missing id is not known yet, or could not be loaded. */
export type EndpointNames = ReadonlyMap<string, string | null>;

/** Adds the names of those webhooks whose ids are not known yet. Never rejects. */
export async function loadEndpointNames(
  api: WebhooksApi,
  known: EndpointNames,
  ids: readonly string[],
): Promise<EndpointNames> {
  const names = new Map(known);
  const missing = (): string[] => [...new Set(ids)].filter((id) => !names.has(id));
  if (missing().length > FEW) {
    const page = await api.endpoints({ limit: PAGE }).catch(() => ({ data: [] }));
    for (const { id, name } of page.data) names.set(id, name);
  }
  await Promise.all(
    missing().map(async (id) => {
      try {
        names.set(id, (await api.endpoint(id)).name);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) names.set(id, null);
      }
    }),
  );
  return names;
}
