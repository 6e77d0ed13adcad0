import type { MovedWebhook } from './moved-webhook.js';
import { listIn, readJson, type SourceOptions } from './read-json.js';

interface OutpostDestination {
  readonly type: string;
  readonly topics: readonly string[];
  readonly config?: { readonly url?: string; readonly custom_headers?: string };
  readonly credentials?: { readonly secret?: string };
  readonly disabled_at?: string | null;
}
interface OutpostTenants {
  readonly pagination?: { readonly next?: string | null };
}

const PAGE = 100;

/**
 * The webhook destinations of all tenants of Outpost, with their secrets. Other destinations (queues, buses) are left
 * out. `source.url` is the URL of the API with its version: `http://localhost:3333/api/v1`. `tenants` names those to
 * read, if its Redis can't list them (501).
 * @throws WebhooksSourceError
 */
export async function* outpostWebhooks(
  source: SourceOptions,
  tenants?: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<MovedWebhook> {
  for await (const tenant of tenants ?? allTenants(source)) {
    const path = `/tenants/${encodeURIComponent(tenant)}/destinations`;
    for (const destination of listIn<OutpostDestination>(await readJson(source, path), undefined, path)) {
      const { type, topics, config, credentials, disabled_at: disabledAt } = destination;
      if (type !== 'webhook' || config?.url === undefined) continue;
      yield {
        tenant,
        url: config.url,
        ...(topics.length > 0 && !topics.includes('*') ? { events: topics } : {}),
        secret: credentials?.secret ?? '',
        active: !disabledAt,
      };
    }
  }
}

async function* allTenants(source: SourceOptions): AsyncGenerator<string> {
  for (let next: string | null | undefined = undefined; ;) {
    const from: string = next ? `&next=${encodeURIComponent(next)}` : '';
    const page = (await readJson(source, `/tenants?limit=${PAGE}${from}`)) as OutpostTenants;
    for (const { id } of listIn<{ id: string }>(page, 'models', '/tenants')) yield id;
    const following = page.pagination?.next;
    if (!following || following === next) return;
    next = following;
  }
}
