import type { WebhookEventCatalogueOptions } from 'nestjs-webhooks';
import { analyticsEvents } from './analytics.events.js';
import { contentEvents } from './content.events.js';
import { engagementEvents } from './engagement.events.js';
import { platformEvents } from './platform.events.js';
import { systemEvents } from './system.events.js';

/** All events that Roundabout sends to its customers' servers. */
export const eventCatalogue: WebhookEventCatalogueOptions = {
  ...platformEvents,
  ...contentEvents,
  ...analyticsEvents,
  ...engagementEvents,
  ...systemEvents,
};
