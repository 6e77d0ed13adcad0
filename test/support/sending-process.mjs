// An app in a process of its own, with the built package, which a test can kill. APP (JSON) configures it.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule, webhooksMigrations } from '../../dist/index.js';

const { database, webhooks } = JSON.parse(process.env.APP);

if (webhooks.telemetry?.traces) {
  const { trace } = await import('@opentelemetry/api');
  const { BasicTracerProvider, SimpleSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const told = ({ name, attributes, links, status }) => ({
    name,
    attributes,
    links: links.map((link) => link.context),
    status,
  });
  const exporter = {
    export(spans, done) {
      process.send({ spans: spans.map((span) => ({ ...told(span), ...span.spanContext() })) });
      done({ code: 0 });
    },
    shutdown: async () => undefined,
  };
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
}

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
