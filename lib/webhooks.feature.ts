import { Module, type DynamicModule } from '@nestjs/common';
import { declares, type WebhooksDeclaration } from './config/declarations.js';
import type { EventCatalogue } from './config/event-catalogue.js';
import { WEBHOOKS_CATALOGUE } from './config/tokens.js';
import { InvalidWebhooksOptionError } from './domain/webhooks.error.js';

const IN_CATALOGUE = Symbol('nestjs-webhooks feature in catalogue');

/** Holds the event types of one module of the app. The catalogue finds them in Nest's container. */
@Module({})
class WebhooksFeatureModule {}

export function webhooksFeature(declared: WebhooksDeclaration): DynamicModule {
  return {
    module: WebhooksFeatureModule,
    providers: [
      declares(declared),
      {
        provide: IN_CATALOGUE,
        // If only this module is tested, there is no catalogue.
        inject: [{ token: WEBHOOKS_CATALOGUE, optional: true }],
        useFactory: (catalogue?: EventCatalogue) => catalogue && checkIsIn(catalogue, declared),
      },
    ],
  };
}

/**
 * Refuses a lazily loaded module: it comes after the catalogue, which every process of the app has to know completely.
 */
function checkIsIn(catalogue: EventCatalogue, { options, calledAt }: WebhooksDeclaration): void {
  const late = Object.keys(options.events ?? {}).find((type) => !catalogue.has(type));
  if (late === undefined) return;
  throw new InvalidWebhooksOptionError(
    `events['${late}']`,
    `comes too late: its WebhooksModule.forFeature (${calledAt}) was loaded after the app had started. Import that ` +
      'forFeature in a module which is not loaded lazily.',
  );
}
