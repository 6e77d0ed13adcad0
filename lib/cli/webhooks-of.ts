import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { WebhooksModule } from '../webhooks.module.js';
import { WebhooksService } from '../webhooks.service.js';

/** No limit for tests and resends: the operator sets the pace. */
const UNLIMITED = 1_000_000_000;

/**
 * The services of the module on an open database, in a process that delivers nothing and has no event types.
 * @throws WebhooksError if the tables are outdated
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
        // The module requires one. Nothing is emitted here.
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
