// An app of the built package in a process of its own, driven over IPC: what the harness kills, stops and starts. One
// process serves several scenarios after each other, since loading Nest takes a second.
import 'reflect-metadata';
import { getQueueToken } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { WebhooksModule, WebhooksService, webhooksMigrations } from '../../dist/index.js';
import { WEBHOOKS_QUEUE } from '../../dist/config/tokens.js';
import { RetentionService } from '../../dist/dispatch/retention.service.js';
import { disarm, arm, resolveNames, setClock } from './app-faults.mjs';
import { commit, emitAll, hold } from './app-emits.mjs';

let app;
const get = (token) => app.get(token, { strict: false });

const commands = {
  async start({ database, webhooks, bull, clockOffsetMs = 0, fault }) {
    setClock(clockOffsetMs);
    if (fault) arm(fault);
    class AppModule {}
    Module({
      imports: [
        TypeOrmModule.forRoot({
          ...database,
          autoLoadEntities: true,
          migrations: webhooksMigrations,
          retryAttempts: 0,
        }),
        WebhooksModule.forRoot({ api: false, ...webhooks }),
      ],
    })(AppModule);
    app = await NestFactory.createApplicationContext(AppModule, {
      logger: process.env.DEBUG_CHAOS ? ['error', 'warn'] : false,
      abortOnError: false,
    });
    // Bull reads its settings at every use; the package does not offer them as options.
    if (bull) Object.assign(get(getQueueToken('webhooks')).settings, bull);
    app.enableShutdownHooks();
  },
  async close() {
    disarm();
    setClock(0);
    resolveNames({});
    await app?.close();
    app = undefined;
  },
  /** A method of WebhooksService, such as `endpoints.create`. */
  call({ method, args }) {
    const path = method.split('.');
    const owner = path.slice(0, -1).reduce((value, name) => value[name], get(WebhooksService));
    return owner[path.at(-1)](...args);
  },
  emit: (emits) => emitAll(get(WebhooksService), get(DataSource), emits, reportEmit),
  hold: (emits) => hold(get(WebhooksService), get(DataSource), emits),
  commit: () => commit(reportEmit),
  wake({ times }) {
    for (let time = 0; time < times; time++) get(WEBHOOKS_QUEUE).wake();
  },
  prune: () => get(RetentionService).runOnce(),
  arm,
  resolveNames,
  memory: () => process.memoryUsage().rss,
};

const reportEmit = (emit) => process.send({ emit });

process.on('message', ({ call, command, input }) => {
  Promise.resolve()
    .then(() => commands[command](input))
    .then(
      (value) => process.send({ call, value }),
      (error) => process.send({ call, error: String(error?.stack ?? error) }),
    );
});
process.on('disconnect', () => process.exit());
process.send({ loaded: true });
