import { ApiError } from '../api/api-error.js';
import type { WebhooksApi } from '../api/webhooks-api.js';

/** As many as this are asked for one by one; for more a page of the list comes first. */
const FEW = 10;
const PAGE = 250;

/** `null`: deleted. Not there: not known yet, or it could not be loaded. */
export type EndpointNames = ReadonlyMap<string, string | null>;

/** Names of webhooks by their ids; asks only for those that are not known yet. Never rejects. */
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
