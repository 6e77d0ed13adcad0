import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import type { WebhooksDocumentsConfig } from '../config/documents-options.js';
import { PACKAGE_VERSION } from '../config/package-version.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';

/** What the documents are made from. */
export interface DocumentsSource {
  readonly documents: WebhooksDocumentsConfig;
  readonly config: WebhooksConfig;
  readonly types: readonly WebhookEventTypeDescription[];
  /** Of the guide. */
  readonly product: string | undefined;
  /** Of the API, such as `webhooks`; it may hold parameters: `accounts/:account/webhooks`. */
  readonly path: string;
}

/** What both documents begin with. */
export const infoOf = ({ documents, product }: DocumentsSource): Record<string, unknown> => ({
  title: documents.title ?? (product === undefined ? 'Webhooks' : `${product} Webhooks`),
  version: documents.version ?? PACKAGE_VERSION,
});
