import { setImmediate, setTimeout } from 'node:timers/promises';
import type {
  CanActivate,
  ExecutionContext,
  INestApplication,
  ModuleMetadata,
  Provider,
  Type,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { getQueueToken } from '@nestjs/bull';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import {
  WebhooksModule,
  WebhooksService,
  webhooksMigrations,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import { WebhookTestClock } from 'nestjs-webhooks/testing';
import { WEBHOOKS_CLOCK, WEBHOOKS_MACHINE_CLOCK } from '../../lib/config/tokens.js';
import { DeliveryRunner } from '../../lib/delivery/delivery-runner.js';
import { RelayService } from '../../lib/dispatch/relay.service.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from './databases.js';
import { Receiver } from './receiver.js';
import { redisFor } from './redis.js';

/** Takes the tenant from a header, which is required. */
export class HeaderGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return Boolean(tenantOf(context.switchToHttp().getRequest()));
  }
}

const tenantOf = (request: { headers: Record<string, string> }): string => request.headers['x-account'] ?? '';

export interface SendingAppOptions {
  database?: DatabaseKind;
  /** A database that outlives the app, for tests that start several apps. */
  on?: TestDatabase;
  /** Whether the app creates the tables in a database that outlives it. */
  migrate?: boolean;
  queue?: 'bull' | 'bullmq' | 'in-process';
  /**
   * Whether a process runs the jobs that it pushes itself, as in production. Default: all jobs go through
   * Redis.
   */
  ownFirst?: boolean;
  /** The prefix in Redis, for tests that start several apps on one queue. */
  redisPrefix?: string;
  webhooks?: Partial<WebhooksModuleOptions>;
  providers?: Provider[];
  controllers?: Type[];
  entities?: Type[];
  /** Additional modules of the app. */
  imports?: ModuleMetadata['imports'];
  /** Creates the app's `DataSource`. Default: `@nestjs/typeorm` creates it. */
  dataSourceFactory?: (options?: DataSourceOptions) => Promise<DataSource>;
  /** `false` means real time. */
  clock?: WebhookTestClock | false;
  /** With real time: the error of the machine's clock, in ms. */
  clockErrorMs?: number | (() => number);
  configure?: (app: INestApplication) => void;
  /** Default: Express. */
  adapter?: AbstractHttpAdapter;
}

/** A running Nest app that sends webhooks, with its own database, receiver and clock. */
export interface SendingApp {
  readonly app: INestApplication;
  readonly webhooks: WebhooksService;
  readonly receiver: Receiver;
  readonly clock: WebhookTestClock;
  readonly dataSource: DataSource;
  readonly database: TestDatabase;
  readonly relay: RelayService;
  readonly runner: DeliveryRunner;
  /** Registers an endpoint on the receiver. */
  endpoint(
    input?: Partial<Parameters<WebhooksService['endpoints']['create']>[1]> & { tenant?: string },
  ): Promise<{
    id: string;
    secret: string;
  }>;
  /** Moves the clock, claims what is due then, and waits until it has been sent and recorded. */
  after(ms: number): Promise<void>;
  /** Waits until no work is in progress. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export const EVENTS: WebhooksModuleOptions['events'] = {
  'post.published': {
    group: 'Content',
    description: 'A post went live.',
    example: { post_id: 'post_1', url: 'https://example.com/p/1' },
  },
  'post.created': { group: 'Content', example: { post_id: 'post_1' } },
  'follower.gained': { group: 'Audience', example: { handle: '@ada' } },
};

const QUEUE_NAMES = { bull: 'webhooks', bullmq: 'webhooks-mq' } as const;
interface Jobs {
  getJobCounts(): Promise<typeof IDLE>;
}
const IDLE = { waiting: 0, active: 0, delayed: 0 };

export async function sendingApp(options: SendingAppOptions = {}): Promise<SendingApp> {
  const database = options.on ?? (await createDatabase(options.database ?? 'sqlite'));
  const clock = options.clock || new WebhookTestClock();
  const receiver = await Receiver.start();
  const { queue = 'in-process' } = options;
  const redis = queue === 'in-process' ? {} : { queue, ...redisFor(options.redisPrefix) };
  const builder = Test.createTestingModule({
    imports: [
      TypeOrmModule.forRootAsync({
        useFactory: () =>
          ({
            ...database.options,
            autoLoadEntities: true,
            entities: options.entities ?? [],
            migrations: webhooksMigrations,
            migrationsRun: options.migrate ?? options.on === undefined,
            synchronize: (options.entities ?? []).length > 0,
          }) as Parameters<typeof TypeOrmModule.forRoot>[0] & object,
        ...(options.dataSourceFactory ? { dataSourceFactory: options.dataSourceFactory } : {}),
      }),
      EventEmitterModule.forRoot(),
      WebhooksModule.forRoot({
        events: EVENTS,
        api: { guards: [HeaderGuard], tenant: tenantOf },
        network: { allowHttp: true, allowPrivateNetworks: true },
        ...redis,
        ...options.webhooks,
        // The relay runs only when a test calls it.
        delivery: { pollInterval: '1h', ...options.webhooks?.delivery },
      }),
      ...(options.imports ?? []),
    ],
    providers: options.providers ?? [],
    controllers: options.controllers ?? [],
  });
  if (options.clock !== false) builder.overrideProvider(WEBHOOKS_CLOCK).useValue(clock);
  const { clockErrorMs } = options;
  if (clockErrorMs !== undefined) {
    const errorMs = typeof clockErrorMs === 'number' ? () => clockErrorMs : clockErrorMs;
    builder.overrideProvider(WEBHOOKS_MACHINE_CLOCK).useValue({ now: () => Date.now() + errorMs() });
  }
  const module = await builder.compile();
  const logger = process.env.DEBUG_TESTS ? undefined : false;
  const app = options.adapter
    ? module.createNestApplication(options.adapter, { logger })
    : module.createNestApplication({ logger });
  options.configure?.(app);
  await app.init();
  const webhooks = app.get(WebhooksService);
  const relay = app.get(RelayService);
  const runner = app.get(DeliveryRunner);
  // Then a process that was woken claims the deliveries of events emitted here.
  if (queue !== 'in-process' && !options.ownFirst)
    Object.defineProperty(runner, 'isStarted', { value: false });

  const jobs = queue === 'in-process' ? undefined : app.get<Jobs>(getQueueToken(QUEUE_NAMES[queue]));
  const settled = async (): Promise<void> => {
    for (let quiet = 0; quiet < 3; quiet++) {
      // A wake-up and the count use the same connection, so the wake-up arrives first.
      await (jobs ? setTimeout(10) : setImmediate());
      const { waiting, active, delayed } = (await jobs?.getJobCounts()) ?? IDLE;
      if (runner.busy || relay.busy || waiting + active + delayed > 0) quiet = -1;
      await runner.idle();
    }
  };
  return {
    app,
    webhooks,
    receiver,
    clock,
    dataSource: app.get(DataSource),
    database,
    relay,
    runner,
    settled,
    endpoint: async ({ tenant = 'acme', ...input } = {}) => {
      const { id, secret } = await webhooks.endpoints.create(tenant, {
        name: 'Receiver',
        url: `${receiver.url}/hook`,
        events: ['*'],
        ...input,
      });
      return { id, secret };
    },
    after: async (ms) => {
      clock.advance(ms);
      await relay.runOnce();
      await settled();
    },
    stop: async () => {
      await app.close();
      await receiver.stop();
      if (!options.on) await database.drop();
    },
  };
}
