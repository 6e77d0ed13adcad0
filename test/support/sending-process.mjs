// An app in a process of its own, on the built package: what a test can kill. Configured by APP (JSON).
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule, webhooksMigrations } from '../../dist/index.js';

const { database, webhooks } = JSON.parse(process.env.APP);

class AppModule {}
Module({
  imports: [
    TypeOrmModule.forRoot({ ...database, autoLoadEntities: true, migrations: webhooksMigrations }),
    WebhooksModule.forRoot({
      api: false,
      network: { allowHttp: true, allowPrivateNetworks: true },
      ...webhooks,
    }),
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
process.send('started');
