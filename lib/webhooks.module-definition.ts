import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { WebhooksOptions, WebhooksStructureOptions } from './config/webhooks-options.js';

/**
 * `forRoot` and `forRootAsync`. The structure is given beside `useFactory`, since Nest needs it before a factory can
 * run.
 */
export const {
  ConfigurableModuleClass: WebhooksModuleBase,
  MODULE_OPTIONS_TOKEN: WEBHOOKS_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<WebhooksOptions>({ moduleName: 'Webhooks' })
  .setClassMethodName('forRoot')
  .setExtras<WebhooksStructureOptions>({ events: undefined }, (definition) => definition)
  .build();
