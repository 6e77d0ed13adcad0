import type { AddressInfo } from 'node:net';
import { ValidationPipe, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import type { Environment } from './config/environment.js';
import { DemoSeederService, type DemoSeed } from './demo/demo-seeder.service.js';

export interface RunningApp {
  readonly app: NestExpressApplication;
  readonly url: string;
  /** Present only with DEMO=1. */
  readonly demo: DemoSeed | undefined;
}

/** Starts the app, on a free port if `environment.port` is 0. */
export async function start(
  environment: Environment,
  logger: LogLevel[] | false = ['fatal', 'error', 'warn'],
): Promise<RunningApp> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(environment), {
    abortOnError: false,
    logger,
    // Nest would log startup errors with their stacks. The caller explains them better.
    bufferLogs: true,
    autoFlushLogs: false,
    // The demo receiver verifies signatures over the received bytes.
    rawBody: true,
  });
  app.flushLogs();
  app.disable('x-powered-by');
  // A proxy on this machine that handles TLS may set the headers about the original request.
  app.set('trust proxy', 'loopback');
  app.useBodyParser('json', { limit: '1mb' });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  app.enableShutdownHooks();
  const url = await listen(app, environment);
  const demo = environment.demo ? await app.get(DemoSeederService, { strict: false }).seed(url) : undefined;
  return { app, url, demo };
}

async function listen(app: NestExpressApplication, { port, host }: Environment): Promise<string> {
  if (host === undefined) await app.listen(port);
  else await app.listen(port, host);
  const { port: listening } = app.getHttpServer().address() as AddressInfo;
  return `http://localhost:${listening}`;
}
