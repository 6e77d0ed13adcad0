import { EventCatalogue } from '../config/event-catalogue.js';
import type { WebhookEventCatalogueOptions } from '../config/webhook-event-options.js';
import { catalogueBreaks, readCatalogue } from './catalogue-file.js';

/**
 * What of a catalogue would break customers who rely on the committed one: each thing in a sentence, with the path of the
 * field. `[]` where nothing would. The file is written by `npx nestjs-webhooks check-catalogue … --write`.
 * @param events what the app gives to `forRoot` and `forFeature`, together
 * @throws InvalidWebhooksOptionError for what is no catalogue, and where the file is not there
 */
export function webhookCatalogueBreaks(events: WebhookEventCatalogueOptions, file: string): string[] {
  return catalogueBreaks(readCatalogue(file), new EventCatalogue(events).descriptions);
}
