import { Module, type DynamicModule } from '@nestjs/common';
import { checkEvents, checkStructure } from './config/check-structure.js';
import { declaration, declares, type WebhooksDeclaration } from './config/declarations.js';
import { checkAsyncNames, checkFeatureNames, checkRootNames } from './config/option-names.js';
import type {
  WebhooksFeatureOptions,
  WebhooksModuleOptions,
  WebhooksStructureOptions,
} from './config/webhooks-options.js';
import { DefinitionCache } from './webhooks.definition-cache.js';
import { webhooksFeature } from './webhooks.feature.js';
import { WebhooksModuleBase, type ASYNC_OPTIONS_TYPE } from './webhooks.module-definition.js';
import { webhooksParts } from './webhooks.parts.js';

/** The options of `forRootAsync`: the structure, and how to get the values. */
export type WebhooksModuleAsyncOptions = typeof ASYNC_OPTIONS_TYPE & WebhooksStructureOptions;

const definitions = new DefinitionCache();

/**
 * Sends webhooks to the app's customers: entities, routes, mappings and the workers that deliver.
 * It is global, so that `WebhooksService` and `@EmitsWebhook` work in every module. An app has one. The same options
 * return the same module, however often it is imported; different ones stop the app.
 */
@Module({})
export class WebhooksModule {
  /** @throws InvalidWebhooksOptionError if an option can't work, or the routes would be open to everybody */
  static forRoot(options: WebhooksModuleOptions): DynamicModule {
    checkRootNames(options);
    return definitions.of(declaration('forRoot', options, WebhooksModule.forRoot), (declared) =>
      assemble(declared, WebhooksModuleBase.forRoot(options), {
        ...options,
        queue: options.queue ?? (options.redis === undefined ? 'in-process' : 'bull'),
      }),
    );
  }

  /** Like `forRoot`, with the values from `useFactory`, `useClass` or `useExisting`. */
  static forRootAsync(options: WebhooksModuleAsyncOptions): DynamicModule {
    checkAsyncNames(options);
    return definitions.of(declaration('forRootAsync', options, WebhooksModule.forRootAsync), (declared) =>
      assemble(declared, WebhooksModuleBase.forRootAsync(options), {
        ...options,
        queue: options.queue ?? 'in-process',
      }),
    );
  }

  /**
   * Adds the event types of one module of the app, beside its code. They are in the app's catalogue before anything
   * reads it, whatever the order in which Nest makes the modules.
   * @throws InvalidWebhooksOptionError at startup, for a type that another module declares too
   */
  static forFeature(options: WebhooksFeatureOptions): DynamicModule {
    checkEvents(options?.events);
    checkFeatureNames(options);
    return definitions.of(declaration('forFeature', options, WebhooksModule.forFeature), webhooksFeature);
  }
}

function assemble(
  declared: WebhooksDeclaration,
  definition: DynamicModule,
  options: WebhooksStructureOptions,
): DynamicModule {
  const parts = webhooksParts(checkStructure(options));
  return {
    ...definition,
    module: WebhooksModule,
    global: true,
    imports: [...(definition.imports ?? []), ...parts.imports],
    controllers: parts.controllers,
    providers: [declares(declared), ...(definition.providers ?? []), ...parts.providers],
    exports: parts.exports,
  };
}
