import { Inject, Injectable } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CONFIG, WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { DocumentsSource } from './documents-source.js';
import { openApiDocument } from './openapi-document.js';
import type { JsonSchema } from './schema.js';

/** The documents of this app. Each is made when it is asked for first: what they are made from does not change. */
@Injectable()
export class DocumentsService {
  private openApiMade: JsonSchema | undefined;

  constructor(
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
  ) {}

  /** @param url of the document, as it was asked for */
  openApi(url: string): JsonSchema {
    const { documents, path } = this.source();
    const { openapi, info, ...rest } = (this.openApiMade ??= openApiDocument(this.source()));
    return { openapi, info, servers: documents.servers ?? [{ url: serverOf(url, path) }], ...rest };
  }

  private source(): DocumentsSource {
    const { api, documents, guide } = this.structure;
    return {
      documents: documents as Exclude<typeof documents, false>,
      config: this.config,
      types: this.catalogue.descriptions,
      product: guide ? guide.product : undefined,
      path: (api as Exclude<typeof api, false>).path,
    };
  }
}

/** What stands before the path of the API: the app's global prefix and version, and where a proxy has mounted it. */
function serverOf(url: string, path: string): string {
  const [place = ''] = url.split('?');
  const below = path.split('/').length + 1;
  return place.split('/').slice(0, -below).join('/') || '/';
}
