import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { WebhooksModule } from '../webhooks.module.js';
import { WebhooksService } from '../webhooks.service.js';
import { WebhooksOperator } from '../operation/operator/webhooks-operator.js';

/**
 * The services of the module on an open database, in a process that delivers nothing and has no event types.
 * @throws WebhooksError if the tables are outdated
 */
export async function withWebhooks<Result>(
  dataSource: DataSource,
  work: (webhooks: WebhooksService, operator: WebhooksOperator) => Promise<Result>,
): Promise<Result> {
  @Module({
    imports: [
      TypeOrmModule.forRootAsync({
        useFactory: () => ({ manualInitialization: true }),
        dataSourceFactory: () => Promise.resolve(dataSource),
      }),
      WebhooksModule.forRoot({
        // The module requires one. Nothing is emitted here.
        events: { 'none.emitted': {} },
        api: false,
        worker: false,
      }),
    ],
  })
  class CommandModule {}
  const app = await NestFactory.createApplicationContext(CommandModule, {
    logger: false,
    abortOnError: false,
  });
  try {
    return await work(app.get(WebhooksService), app.get(WebhooksOperator));
  } finally {
    await app.close();
  }
}
