import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions, type FindOptionsWhere } from 'typeorm';
import {
  type WebhookEndpointView,
  type WebhookSecretView,
  WebhookDelivery,
  webhooksEntities,
  webhooksMigrations,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { giveBackProcess, takeProcess, type AppProcess, type AppStart } from './app-process.js';
import { Ledger, type Emit } from './ledger.js';
import { FAST } from './options.js';
import { RecordingReceiver, type Behaviour } from './recording-receiver.js';
import type { Stack } from './scenario.js';

export interface AppRole extends Partial<Omit<AppStart, 'webhooks' | 'database'>> {
  /** Default: true. With false it emits only. */
  readonly worker?: boolean;
  readonly webhooks?: Partial<WebhooksModuleOptions>;
  /** By way of a proxy, or with a pool of a certain size. */
  readonly database?: object;
}

export type EmitInput = Partial<Omit<Emit, 'ref'>>;

/** One scenario under way: its database, its receiver, its processes, and the ledger of what it did. */
export class ChaosRun {
  readonly ledger = new Ledger();
  receiver!: RecordingReceiver;
  database!: TestDatabase;
  /** Past every fault. */
  dataSource!: DataSource;
  /** What the apps are given; a scenario may put a proxy or a server of its own here, before it starts them. */
  redis = process.env.TEST_REDIS_URL!;
  databaseUrl: string | undefined;
  readonly redisPrefix = `{chaos-${randomBytes(6).toString('hex')}}`;
  private readonly cleanups: (() => Promise<unknown>)[] = [];
  private readonly name = randomBytes(3).toString('hex');

  constructor(readonly stack: Stack) {}

  async open(): Promise<void> {
    this.receiver = await RecordingReceiver.start();
    this.atEnd(() => this.receiver.stop());
    await this.useDatabase(
      this.stack.database === 'sqlite' ? this.sqlite() : await createDatabase(this.stack.database),
    );
  }

  /** Uses this one, with our tables. */
  async useDatabase(database: TestDatabase): Promise<void> {
    this.database = database;
    const options = {
      ...database.options,
      entities: webhooksEntities,
      migrations: webhooksMigrations,
      migrationsRun: true,
    } as DataSourceOptions;
    const dataSource = await new DataSource(options).initialize();
    this.dataSource = dataSource;
    this.atEnd(async () => {
      await dataSource.destroy();
      await database.drop();
    });
  }

  async close(): Promise<void> {
    for (const cleanup of this.cleanups.splice(0).toReversed()) await cleanup();
  }

  atEnd(cleanup: () => Promise<unknown>): void {
    this.cleanups.push(cleanup);
  }

  /** Notes what was done to the apps, for the table. */
  fault(what: string): void {
    this.ledger.faults.push(what);
  }

  set behaviour(behaviour: Behaviour) {
    this.receiver.behaviour = behaviour;
  }

  /** Starts an app in a process. */
  async app({ worker = true, webhooks, database, ...start }: AppRole = {}): Promise<AppProcess> {
    const app = await takeProcess();
    this.atEnd(() => giveBackProcess(app));
    app.onEmit = (report) => this.ledger.report(report);
    const { queue } = this.stack;
    const overRedis =
      queue === 'in-process' ? {} : { queue, redis: this.redis, redisPrefix: this.redisPrefix };
    await app.send('start', {
      database: {
        ...this.database.options,
        ...(this.databaseUrl ? { url: this.databaseUrl } : {}),
        ...database,
      },
      webhooks: {
        ...FAST,
        ...overRedis,
        worker,
        ...webhooks,
        delivery: { ...FAST.delivery, ...webhooks?.delivery },
      },
      ...start,
    });
    return app;
  }

  async endpoint(
    app: AppProcess,
    input: { tenant?: string; host?: string; rateLimit?: number; mayMiss?: boolean } = {},
  ): Promise<{ id: string; path: string }> {
    const { tenant = 'acme', host = '127.0.0.1', mayMiss = false, ...rest } = input;
    const path = `/${this.ledger.endpoints.length}`;
    const url = `http://${host}:${this.receiver.port}${path}`;
    const settings = { name: 'Receiver', url, events: ['*'], ...rest };
    const { id, secret } = await this.call<WebhookEndpointView & WebhookSecretView>(
      app,
      'endpoints.create',
      tenant,
      settings,
    );
    this.ledger.endpoints.push({ id, tenant, paths: [path], secrets: [secret], mayMiss });
    return { id, path };
  }

  /** A method of WebhooksService in that process. */
  call<Result>(app: AppProcess, method: string, ...args: unknown[]): Promise<Result> {
    return app.send<Result>('call', { method, args });
  }

  /** Notes emits that are about to be made. */
  newEmits(count: number, input: EmitInput = {}): Emit[] {
    const first = this.ledger.emits.length;
    const emits = Array.from({ length: count }, (_, n) => ({
      type: 'post.published',
      tenant: 'acme',
      ...input,
      ref: `${this.name}-${first + n}`,
    }));
    this.ledger.emits.push(...emits);
    return emits;
  }

  /** Emits `count` events at once; resolves when the app knows their outcomes, or has ended. */
  async emit(app: AppProcess, count = 1, input: EmitInput = {}): Promise<Emit[]> {
    const emits = this.newEmits(count, input);
    await app.send('emit', emits).catch(() => undefined);
    return emits;
  }

  deliveries(where: FindOptionsWhere<WebhookDelivery> = {}): Promise<WebhookDelivery[]> {
    return this.dataSource.getRepository(WebhookDelivery).find({ where });
  }

  pending(): Promise<number> {
    return this.dataSource.getRepository(WebhookDelivery).countBy({ status: 'pending' });
  }

  /** Polls; the harness has nothing to subscribe to in a database. */
  async until(what: string, condition: () => Promise<boolean> | boolean, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** A promise of the package that has a time: what is late is a failure. */
  async within<Result>(ms: number, what: string, work: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms.`)), ms);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  private sqlite(): TestDatabase {
    const folder = mkdtempSync(join(tmpdir(), 'webhooks-chaos-'));
    return {
      options: { type: 'better-sqlite3', database: join(folder, 'app.sqlite') },
      drop: async () => rmSync(folder, { recursive: true }),
    };
  }
}
