import { Inject, Injectable } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { Representations } from '../config/representations.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CONFIG, WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { madeOnce } from '../domain/made-once.js';
import { guideDocument, guideMarkdown, type GuideDocument } from './guide-document.js';
import { guidePage } from './guide-page.js';
import { guideView, type WebhookGuideView } from './guide-view.js';
import { managementOf } from './management-of.js';

/**
 * The guide of this app, for each version of its data. Creates the newest at startup, the others on their first
 * request.
 */
@Injectable()
export class GuideService {
  private readonly documents = new Map<unknown, GuideDocument>();
  private readonly pages = new WeakMap<GuideDocument, Promise<string>>();
  private readonly views = new WeakMap<GuideDocument, Promise<WebhookGuideView>>();

  /** @throws InvalidWebhooksOptionError if the app's `parts` returns something that is not a part */
  constructor(
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(Representations) private readonly representations: Representations,
  ) {
    // A process without routes never shows it.
    if (structure.guide && structure.api) this.document(undefined);
  }

  /** @param version of the data. Default: the newest @throws InvalidWebhookInputError for an unknown version */
  markdown(version?: unknown): string {
    return guideMarkdown(this.document(version));
  }

  /** @param version as for `markdown` */
  async page(version?: unknown): Promise<string> {
    return madeOnce(this.pages, this.document(version), guidePage);
  }

  /** @param version as for `markdown` */
  async view(version?: unknown): Promise<WebhookGuideView> {
    return madeOnce(this.views, this.document(version), guideView);
  }

  private document(version: unknown): GuideDocument {
    const { structure, config, catalogue, representations } = this;
    const types = representations.versions.describedIn(version, catalogue.descriptions);
    return madeOnce(this.documents, version, () =>
      guideDocument({
        guide: structure.guide as Exclude<typeof structure.guide, false>,
        config,
        types,
        version: (version as string | undefined) ?? representations.versions.newest,
        management: managementOf(structure),
      }),
    );
  }
}
