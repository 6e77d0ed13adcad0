// A script like one of an app, with the built package: runs its steps and exits. SCRIPT (JSON) configures it.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule, WebhooksService, webhooksMigrations } from '../../dist/index.js';

const { database, webhooks, steps } = JSON.parse(process.env.SCRIPT);

class AppModule {}
Module({
  imports: [
    TypeOrmModule.forRoot({
      ...database,
      autoLoadEntities: true,
      retryAttempts: 0,
      migrations: webhooksMigrations,
    }),
    WebhooksModule.forRoot({
      api: false,
      network: { allowHttp: true, allowPrivateNetworks: true },
      ...webhooks,
    }),
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
const service = app.get(WebhooksService);
const results = [];
for (const { emit, deliverDue, close, arrivals } of steps) {
  if (emit) {
    await Promise.all(
      Array.from({ length: emit }, (_, n) => service.emit('post.published', { n }, { tenant: 'acme' })),
    );
  }
  if (deliverDue) results.push(await service.deliverDue(deliverDue));
  if (close) await app.close();
  if (arrivals) {
    // The parent sends a message when the receiver has enough requests.
    process.send({ waits: true });
    await new Promise((resolve) => process.once('message', resolve));
  }
}
process.send({ results }, () => process.exit(0));
