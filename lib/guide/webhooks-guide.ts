import { checkStructure } from '../config/check-structure.js';
import { EventCatalogue } from '../config/event-catalogue.js';
import { checkRootNames } from '../config/option-names.js';
import { resolveOptions } from '../config/resolve-options.js';
import { newestOf } from '../config/version-options.js';
import type { WebhooksModuleOptions } from '../config/webhooks-options.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { guideDocument, guideMarkdown } from './guide-document.js';
import { managementOf } from './management-of.js';

/**
 * The customers' guide as Markdown, created from the options of `forRoot` without an app or a database: for a
 * docs site. Add event types of `forFeature` to `events`, too.
 * @throws InvalidWebhooksOptionError for options that `forRoot` would refuse, and for `guide: false`
 */
export function webhooksGuide(options: WebhooksModuleOptions): string {
  checkRootNames(options);
  const structure = checkStructure(options);
  if (!structure.guide) {
    throw new InvalidWebhooksOptionError('guide', 'is false: there is no guide to be written.');
  }
  const config = resolveOptions(options);
  return guideMarkdown(
    guideDocument({
      guide: structure.guide,
      config,
      version: newestOf(config.versions),
      types: new EventCatalogue(options.events ?? {}).descriptions,
      management: managementOf(structure),
    }),
  );
}
