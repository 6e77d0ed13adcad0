import type { EntityManager } from 'typeorm';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { resolveOptions } from '../config/resolve-options.js';
import type { WebhooksOptions } from '../config/webhooks-options.js';
import type { EventRules } from '../dispatch/new-event.js';

/** How the app of a test checks what it emits. */
export interface RecordingRules extends EventRules {
  /** Whether every emit must name a tenant. */
  readonly tenants: boolean;
  /** Whether a manager is one of the app's database. Default: not checked. */
  readonly owns?: (manager: EntityManager) => boolean;
}

/** What takes the catalogue's place where a test gives none: every type is known, and its data is as it may be. */
export const ANY_TYPE: Pick<EventCatalogue, 'mustHave' | 'check' | 'has' | 'mappings'> = {
  mappings: [],
  has: () => true,
  mustHave: () => undefined,
  check: async (_, json) => json,
};

/** The rules of an app that has these options. */
export function recordingRules(
  catalogue: RecordingRules['catalogue'],
  { limits = {}, tenants = false }: Pick<WebhooksOptions, 'limits'> & { tenants?: boolean },
): RecordingRules {
  return { catalogue, tenants, bodyBytes: resolveOptions({ limits }).limits.bodyBytes };
}
