import { Inject, Injectable } from '@nestjs/common';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CONFIG, WEBHOOKS_STRUCTURE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { guideDocument, guideMarkdown, type GuideDocument } from './guide-document.js';
import { guidePage } from './guide-page.js';
import { guideView, type WebhookGuideView } from './guide-view.js';
import { managementOf } from './management-of.js';

/** The guide of this app. It is made once, at startup: what it is made from does not change later. */
@Injectable()
export class GuideService {
  private readonly document: GuideDocument | undefined;
  private madePage: Promise<string> | undefined;
  private madeView: Promise<WebhookGuideView> | undefined;

  /** @throws InvalidWebhooksOptionError where the app's `parts` gives what is no part */
  constructor(
    @Inject(WEBHOOKS_STRUCTURE) structure: WebhooksStructure,
    @Inject(WEBHOOKS_CONFIG) config: WebhooksConfig,
    @Inject(WEBHOOKS_CATALOGUE) catalogue: EventCatalogue,
  ) {
    const { guide } = structure;
    // A process without routes has nobody to show it to.
    if (!guide || !structure.api) return;
    this.document = guideDocument({
      guide,
      config,
      types: catalogue.descriptions,
      management: managementOf(structure),
    });
  }

  markdown(): string {
    return guideMarkdown(this.document!);
  }

  page(): Promise<string> {
    return (this.madePage ??= guidePage(this.document!));
  }

  view(): Promise<WebhookGuideView> {
    return (this.madeView ??= guideView(this.document!));
  }
}
