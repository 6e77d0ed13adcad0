import type { INestApplication, LoggerService, ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { webhooksEntities, webhooksMigrations, type WebhooksModuleOptions } from 'nestjs-webhooks';
import { createDatabase, type DatabaseKind, type TestDatabase } from './databases.js';

/** Records what is logged. */
export class RecordingLogger implements LoggerService {
  readonly lines: string[] = [];

  log = (...parts: unknown[]): void => this.add('log', parts);
  warn = (...parts: unknown[]): void => this.add('warn', parts);
  error = (...parts: unknown[]): void => this.add('error', parts);
  debug = (...parts: unknown[]): void => this.add('debug', parts);
  verbose = (...parts: unknown[]): void => this.add('verbose', parts);
  fatal = (...parts: unknown[]): void => this.add('fatal', parts);

  matching(pattern: RegExp): string[] {
    return this.lines.filter((line) => pattern.test(line));
  }

  /** Nest passes a context after the message, and the stack of an error. */
  private add(level: string, [message, ...more]: readonly unknown[]): void {
    const text = message instanceof Error ? message.stack : String(message);
    this.lines.push(`${level} ${text}`, ...more.filter((part) => part !== undefined).map(String));
  }
}

export interface BareApp {
  readonly app: INestApplication;
  readonly logger: RecordingLogger;
}

/** Starts an app with exactly these parts, for tests of what an app must have. */
export async function bareApp(parts: ModuleMetadata): Promise<BareApp> {
  const logger = new RecordingLogger();
  const module = await Test.createTestingModule(parts).setLogger(logger).compile();
  const app = module.createNestApplication({ logger });
  await app.init();
  return { app, logger };
}

/** TypeORM as most apps configure it, on `database`, with tables created by migrations. */
export function typeOrm(
  database: TestDatabase,
  options: object = {},
): ReturnType<typeof TypeOrmModule.forRoot> {
  return TypeOrmModule.forRoot({
    ...database.options,
    autoLoadEntities: true,
    migrations: webhooksMigrations,
    migrationsRun: true,
    retryAttempts: 0,
    ...options,
  } as Parameters<typeof TypeOrmModule.forRoot>[0]);
}

/** Options without routes, tenants or a wait for the relay. */
export const PLAIN_WEBHOOKS = {
  events: { 'post.published': {}, 'post.created': {}, 'post.deleted': {} },
  api: false,
  network: { allowHttp: true, allowPrivateNetworks: true },
  delivery: { pollInterval: '1h' },
} satisfies WebhooksModuleOptions;

/** A database with our tables, which several apps use one after another. */
export async function migratedDatabase(kind: Exclude<DatabaseKind, 'sqlite'>): Promise<TestDatabase> {
  const database = await createDatabase(kind);
  await withDataSource(database, (dataSource) => dataSource.runMigrations());
  return database;
}

/** Reads a database without an app. */
export async function withDataSource<Result>(
  database: TestDatabase,
  use: (dataSource: DataSource) => Promise<Result>,
  options: object = {},
): Promise<Result> {
  const dataSource = new DataSource({
    ...database.options,
    entities: webhooksEntities,
    migrations: webhooksMigrations,
    ...options,
  } as DataSourceOptions);
  await dataSource.initialize();
  try {
    return await use(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
