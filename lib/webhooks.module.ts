import { Module, type DynamicModule } from '@nestjs/common';
import { checkStructure } from './config/check-structure.js';
import type { WebhooksModuleOptions, WebhooksStructureOptions } from './config/webhooks-options.js';
import { WebhooksModuleBase, type ASYNC_OPTIONS_TYPE } from './webhooks.module-definition.js';
import { webhooksParts } from './webhooks.parts.js';

/** What `forRootAsync` takes: the structure, and how to get the values. */
export type WebhooksModuleAsyncOptions = typeof ASYNC_OPTIONS_TYPE & WebhooksStructureOptions;

/**
 * Sends webhooks to the app's customers: entities, routes, mappings and the workers that deliver.
 *
 * It is global, so that `WebhooksService` and `@EmitsWebhook` work in every module.
 */
@Module({})
export class WebhooksModule {
  /** @throws InvalidWebhooksOptionError when an option can't work, or the routes would be open to everybody */
  static forRoot(options: WebhooksModuleOptions): DynamicModule {
    return this.assemble(WebhooksModuleBase.forRoot(options), {
      ...options,
      queue: options.queue ?? (options.redis === undefined ? 'in-process' : 'bull'),
    });
  }

  /** As `forRoot`, with the values from `useFactory`, `useClass` or `useExisting`. */
  static forRootAsync(options: WebhooksModuleAsyncOptions): DynamicModule {
    return this.assemble(WebhooksModuleBase.forRootAsync(options), {
      ...options,
      queue: options.queue ?? 'in-process',
    });
  }

  private static assemble(definition: DynamicModule, options: WebhooksStructureOptions): DynamicModule {
    const structure = checkStructure(options);
    const parts = webhooksParts(structure);
    return {
      ...definition,
      module: WebhooksModule,
      global: true,
      imports: [...(definition.imports ?? []), ...parts.imports],
      controllers: parts.controllers,
      providers: [...(definition.providers ?? []), ...parts.providers],
      exports: parts.exports,
    };
  }
}
