import { Inject, Injectable } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { Representations } from '../config/representations.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CONFIG, WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import type { WebhooksDocumentsConfig } from '../config/documents-options.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { madeOnce } from '../domain/made-once.js';
import { WebhookNotFoundError } from '../management/management.errors.js';
import { asyncApiDocument } from './asyncapi-document.js';
import type { DocumentsSource } from './documents-source.js';
import { eventSchema } from './event-body.js';
import { openApiDocument, operatorOpenApiDocument } from './openapi-document.js';
import type { JsonSchema } from './schema.js';

/**
 * The documents of this app, for each version of its data. Each is created on its first request, and kept: its input
 * does not change.
 */
@Injectable()
export class DocumentsService {
  private readonly openApis = new Map<unknown, JsonSchema>();
  private readonly operatorOpenApis = new Map<unknown, JsonSchema>();
  private readonly asyncApis = new Map<unknown, JsonSchema>();

  /** @throws InvalidWebhooksOptionError if `rename` returns invalid names */
  constructor(
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(Representations) private readonly representations: Representations,
  ) {
    // Reports invalid names at startup instead of to the first reader.
    if (!structure.documents || !structure.documents.rename) return;
    if (structure.operator) this.operatorOpenApi('');
    if (!structure.api) return;
    this.openApi('');
    this.asyncApi();
  }

  /**
   * @param url of the document, as requested
   * @param version of the data. Default: the newest
   * @throws InvalidWebhookInputError for an unknown version
   */
  openApi(url: string, version?: unknown): JsonSchema {
    const source = this.source(version);
    const { documents, path } = source;
    const { openapi, info, ...rest } = madeOnce(this.openApis, version, () => openApiDocument(source));
    return { openapi, info, servers: documents.servers ?? [{ url: serverOf(url, path) }], ...rest };
  }

  /** The OpenAPI document of the operators' routes. @param url of the document, as requested */
  operatorOpenApi(url: string): JsonSchema {
    const { operator, guide } = this.structure;
    const { path } = operator as Exclude<typeof operator, false>;
    const product = guide ? guide.product : undefined;
    const { openapi, info, ...rest } = madeOnce(this.operatorOpenApis, path, () =>
      operatorOpenApiDocument({ documents: this.options, path, product }),
    );
    return { openapi, info, servers: this.options.servers ?? [{ url: serverOf(url, path) }], ...rest };
  }

  /** @param version as for `openApi` */
  asyncApi(version?: unknown): JsonSchema {
    const source = this.source(version);
    return madeOnce(this.asyncApis, version, () => asyncApiDocument(source));
  }

  /**
   * The schema of the body that customers receive. @throws WebhookNotFoundError, InvalidWebhookInputError for an
   * unknown version
   */
  eventSchema(type: string, version?: unknown): JsonSchema {
    const event = this.source(version).types.find((one) => one.type === type);
    if (!event) throw new WebhookNotFoundError('event type', type);
    return eventSchema(event);
  }

  private get options(): WebhooksDocumentsConfig {
    return this.structure.documents as WebhooksDocumentsConfig;
  }

  private source(version?: unknown): DocumentsSource {
    const { api, guide } = this.structure;
    return {
      documents: this.options,
      config: this.config,
      types: this.representations.versions.describedIn(version, this.catalogue.descriptions),
      product: guide ? guide.product : undefined,
      path: (api as Exclude<typeof api, false>).path,
    };
  }
}

/** The path in front of the API's: the app's global prefix and version, and the path where a proxy mounts it. */
function serverOf(url: string, path: string): string {
  const [place = ''] = url.split('?');
  const below = path.split('/').length + 1;
  return place.split('/').slice(0, -below).join('/') || '/';
}
