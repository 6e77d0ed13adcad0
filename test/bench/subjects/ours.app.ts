import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule, WebhooksService, webhooksMigrations } from 'nestjs-webhooks';
import { EVENT_DATA, EVENT_TYPE, tenantOf, type SubjectApp, type SubjectConfig } from './subject-app.js';

/** The built package, with its defaults. */
export async function oursApp({ database, redis, worker = true }: SubjectConfig): Promise<SubjectApp> {
  class AppModule {}
  Module({
    imports: [
      TypeOrmModule.forRoot({
        ...database,
        autoLoadEntities: true,
        migrations: webhooksMigrations,
        migrationsRun: true,
      }),
      WebhooksModule.forRoot({
        events: { [EVENT_TYPE]: {} },
        api: false,
        worker,
        network: { allowHttp: true, allowPrivateNetworks: true },
        ...redis,
      }),
    ],
  })(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  const webhooks = app.get(WebhooksService);
  return {
    operations: {},
    addEndpoint: async (tenant, url) => {
      await webhooks.endpoints.create(tenant, { name: 'Sink', url, events: ['*'] });
    },
    emit: async (n) => (await webhooks.emit(EVENT_TYPE, EVENT_DATA, { tenant: tenantOf(n) })).id,
  };
}
