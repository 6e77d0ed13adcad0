import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import type { WebhooksDocumentsConfig } from '../config/documents-options.js';
import { PACKAGE_VERSION } from '../config/package-version.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';

/** The input of the documents. */
export interface DocumentsSource {
  readonly documents: WebhooksDocumentsConfig;
  readonly config: WebhooksConfig;
  readonly types: readonly WebhookEventTypeDescription[];
  /** The URL of the guide. */
  readonly product: string | undefined;
  /** The path of the API, such as `webhooks`; it may contain parameters: `accounts/:account/webhooks`. */
  readonly path: string;
}

/** The first fields of both documents. */
export const infoOf = ({
  documents,
  product,
}: Pick<DocumentsSource, 'documents' | 'product'>): Record<string, unknown> => ({
  title: documents.title ?? (product === undefined ? 'Webhooks' : `${product} Webhooks`),
  version: documents.version ?? PACKAGE_VERSION,
});
