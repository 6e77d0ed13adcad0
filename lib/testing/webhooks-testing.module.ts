import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule, ModulesContainer } from '@nestjs/core';
import { declaredEvents } from '../config/declarations.js';
import { EventCatalogue } from '../config/event-catalogue.js';
import { WEBHOOKS_CATALOGUE } from '../config/tokens.js';
import type { WebhookEventCatalogueOptions } from '../config/webhook-event-options.js';
import type { WebhooksModuleOptions } from '../config/webhooks-options.js';
import { DomainEventListener } from '../mapping/domain-event.listener.js';
import { WebhooksService } from '../webhooks.service.js';
import { RecordingWebhooksService } from './recording-webhooks.service.js';
import { ANY_TYPE, recordingRules } from './recording-rules.js';
import { WebhookRecorder } from './webhook-recorder.js';

export interface WebhooksTestingOptions extends Partial<Pick<WebhooksModuleOptions, 'events' | 'limits'>> {
  /** As in production: whether every emit must name a tenant. Default: false. */
  readonly tenants?: boolean;
}

const catalogueOf = (events: WebhookEventCatalogueOptions): EventCatalogue | typeof ANY_TYPE =>
  Object.keys(events).length > 0 ? new EventCatalogue(events) : ANY_TYPE;

/** A test of a part of the app need not have its event emitter. Then nothing is mapped. */
@Injectable()
class ListenerWhereThereAreEvents extends DomainEventListener {
  protected override withoutEmitter(): void {}
}

/**
 * Takes the place of `WebhooksModule` in unit tests: `WebhooksService`, `@EmitsWebhook` and mappings work, and what they
 * emit is in `WebhookRecorder`. Nothing is stored or sent, and there is no database, queue or route.
 *
 *     const module = await Test.createTestingModule({
 *       imports: [WebhooksTestingModule.forRoot({ events })],
 *       providers: [OrdersService],
 *     }).compile();
 *     await module.get(OrdersService).pay('o1');
 *     expect(module.get(WebhookRecorder).emitted('order.paid')).toEqual([{ order_id: 'o1' }]);
 *
 * With `events`, or those of an imported `WebhooksModule.forFeature`, an emit is refused as in production: an unknown type, or
 * data that breaks its payload class. A catalogue with which the app would not start stops the test module, too.
 */
@Module({})
export class WebhooksTestingModule {
  static forRoot({ events, ...options }: WebhooksTestingOptions = {}): DynamicModule {
    return {
      module: WebhooksTestingModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        {
          provide: WEBHOOKS_CATALOGUE,
          inject: [ModulesContainer],
          useFactory: (modules: ModulesContainer) => catalogueOf({ ...events, ...declaredEvents(modules) }),
        },
        {
          provide: WebhookRecorder,
          inject: [WEBHOOKS_CATALOGUE],
          useFactory: (catalogue: EventCatalogue) => new WebhookRecorder(recordingRules(catalogue, options)),
        },
        {
          provide: WebhooksService,
          inject: [WebhookRecorder],
          useFactory: (recorder: WebhookRecorder) => new RecordingWebhooksService(recorder),
        },
        ListenerWhereThereAreEvents,
      ],
      exports: [WebhookRecorder, WebhooksService],
    };
  }
}
