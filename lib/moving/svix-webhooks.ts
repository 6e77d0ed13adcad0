import type { MovedWebhook } from './moved-webhook.js';
import { listIn, readJson, WebhooksSourceError, type SourceOptions } from './read-json.js';

interface SvixPage {
  readonly iterator?: string | null;
  readonly done: boolean;
}
interface SvixApplication {
  readonly id: string;
  readonly uid?: string | null;
}
interface SvixEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  readonly filterTypes?: readonly string[] | null;
  readonly disabled?: boolean;
  readonly rateLimit?: number | null;
  readonly throttleRate?: number | null;
}

const PAGE = 250;

/**
 * The endpoints of all applications of Svix, with their secrets and headers. The tenant is the application's `uid`,
 * which is your id, or otherwise its own id. Channels, transformations and filters of the payload are not imported.
 * @throws WebhooksSourceError
 */
export async function* svixWebhooks(source: SourceOptions): AsyncGenerator<MovedWebhook> {
  for await (const application of pages<SvixApplication>(source, '/api/v1/app')) {
    const path = `/api/v1/app/${encodeURIComponent(application.id)}/endpoint`;
    for await (const endpoint of pages<SvixEndpoint>(source, path)) {
      const own = `${path}/${encodeURIComponent(endpoint.id)}`;
      const { key } = (await readJson(source, `${own}/secret`)) as { key?: unknown };
      if (typeof key !== 'string')
        throw new WebhooksSourceError(`${own}/secret`, 'has no key in its answer.');
      const { headers } = (await readJson(source, `${own}/headers`)) as { headers?: Record<string, string> };
      yield {
        tenant: application.uid ?? application.id,
        url: endpoint.url,
        ...(endpoint.filterTypes?.length ? { events: endpoint.filterTypes } : {}),
        secret: key,
        description: endpoint.description || null,
        headers: headers ?? {},
        rateLimit: endpoint.throttleRate ?? endpoint.rateLimit ?? null,
        active: !endpoint.disabled,
      };
    }
  }
}

async function* pages<Item>(source: SourceOptions, path: string): AsyncGenerator<Item> {
  for (let iterator: string | null | undefined = undefined; ;) {
    const from: string = iterator ? `&iterator=${encodeURIComponent(iterator)}` : '';
    const page = (await readJson(source, `${path}?limit=${PAGE}${from}`)) as SvixPage;
    yield* listIn<Item>(page, 'data', path);
    // An iterator that does not move on would never end.
    if (page.done || !page.iterator || page.iterator === iterator) return;
    iterator = page.iterator;
  }
}
