import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { WebhooksModule } from '../webhooks.module.js';
import { WebhooksService } from '../webhooks.service.js';

/** No tenant has so many in a minute: the operator decides, and paces. */
const UNLIMITED = 1_000_000_000;

/**
 * Everything that the module does, over a database that is open, in a process that delivers nothing and knows no event types.
 * @throws WebhooksError where the tables are behind
 */
export async function withWebhooks<Result>(
  dataSource: DataSource,
  work: (webhooks: WebhooksService) => Promise<Result>,
): Promise<Result> {
  @Module({
    imports: [
      TypeOrmModule.forRootAsync({
        useFactory: () => ({ manualInitialization: true }),
        dataSourceFactory: () => Promise.resolve(dataSource),
      }),
      WebhooksModule.forRoot({
        // There must be one. Nothing is emitted here.
        events: { 'none.emitted': {} },
        api: false,
        worker: false,
        limits: { resendsPerMinute: UNLIMITED },
      }),
    ],
  })
  class CommandModule {}
  const app = await NestFactory.createApplicationContext(CommandModule, {
    logger: false,
    abortOnError: false,
  });
  try {
    return await work(app.get(WebhooksService));
  } finally {
    await app.close();
  }
}
