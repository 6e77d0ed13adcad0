import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import {
  durable,
  EVENT_DATA,
  EVENT_TYPE,
  tenantOf,
  type SubjectApp,
  type SubjectConfig,
} from '../subjects/subject-app.js';
import { Attempt } from './attempt.entity.js';
import { Delivery } from './delivery.entity.js';
import { Endpoint } from './endpoint.entity.js';
import { Event } from './event.entity.js';
import { WebhooksProcessor } from './webhooks.processor.js';
import { PlainWebhooksService, WEBHOOKS_QUEUE } from './webhooks.service.js';

/** What a team writes from the documentation of NestJS: correct, recorded, retried, and one step at a time. */
export async function plainApp(config: SubjectConfig): Promise<SubjectApp> {
  const { database, redis, worker = true, inBulk = false } = config;
  class AppModule {}
  Module({
    imports: [
      TypeOrmModule.forRoot({ ...durable(database), autoLoadEntities: true, synchronize: true }),
      TypeOrmModule.forFeature([Endpoint, Event, Delivery, Attempt]),
      BullModule.forRoot({ url: redis!.redis, prefix: redis!.redisPrefix }),
      BullModule.registerQueue({
        name: WEBHOOKS_QUEUE,
        defaultJobOptions: {
          attempts: 6,
          backoff: { type: 'exponential', delay: 300_000 },
          removeOnComplete: true,
        },
      }),
    ],
    providers: [PlainWebhooksService, ...(worker ? [WebhooksProcessor] : [])],
  })(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  const webhooks = app.get(PlainWebhooksService);
  const events = app.get<Repository<Event>>(getRepositoryToken(Event));
  const endpoints = new Map<string, Endpoint>();
  return {
    operations: {
      'save event': (n) =>
        events.save(events.create({ tenant: tenantOf(n), type: EVENT_TYPE, data: EVENT_DATA })),
      'save event with delivery': (n) =>
        events.save(
          events.create({
            tenant: tenantOf(n),
            type: EVENT_TYPE,
            data: EVENT_DATA,
            deliveries: [{ endpoint: endpoints.get(tenantOf(n))! }],
          }),
        ),
    },
    addEndpoint: async (tenant, url) => {
      endpoints.set(tenant, await webhooks.register(tenant, url, ['*']));
    },
    emit: async (n) => {
      const emit = inBulk ? 'emitInBulk' : 'emit';
      return (await webhooks[emit](tenantOf(n), EVENT_TYPE, EVENT_DATA)).id;
    },
  };
}
