import { EventCatalogue } from '../config/event-catalogue.js';
import type { WebhookEventCatalogueOptions } from '../config/webhook-event-options.js';
import { catalogueBreaks, readCatalogue } from './catalogue-file.js';

/**
 * What in a catalogue would break customers who rely on the committed one: a sentence for each, with the path of the
 * field. `[]` if nothing would. `npx nestjs-webhooks check-catalogue … --write` writes the file.
 * @param events the events of `forRoot` and `forFeature` together
 * @throws InvalidWebhooksOptionError if it is no catalogue, or the file is missing
 */
export function webhookCatalogueBreaks(events: WebhookEventCatalogueOptions, file: string): string[] {
  return catalogueBreaks(readCatalogue(file), new EventCatalogue(events).descriptions);
}
