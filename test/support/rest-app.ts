import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  UnauthorizedException,
  ValidationPipe,
  VersioningType,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type LoggerService,
  type ModuleMetadata,
} from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  WebhooksModule,
  WebhooksService,
  webhooksMigrations,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import { WebhookTestClock } from 'nestjs-webhooks/testing';
import { DataSource } from 'typeorm';
import { vi } from 'vitest';
import { WEBHOOKS_CLOCK } from '../../lib/config/tokens.js';
import { DeliveryRunner } from '../../lib/delivery/delivery-runner.js';
import { RelayService } from '../../lib/dispatch/relay.service.js';
import { expectDescribed } from './described-answers.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from './databases.js';
import { Receiver } from './receiver.js';
import { EVENTS } from './sending-app.js';

export const ADAPTERS = ['express', 'fastify'] as const;

/** Every route, relative to the path of the module. */
export const ROUTES = [
  'GET /settings',
  'GET /audit',
  'GET /event-types',
  'GET /events',
  'GET /events/:eventId',
  'GET /stats',
  'GET /stats/endpoints',
  'GET /:id/stats',
  'GET /deliveries',
  'GET /deliveries/:deliveryId',
  'GET /deliveries/:deliveryId/attempts',
  'GET /deliveries/:deliveryId/request',
  'POST /deliveries/:deliveryId/retry',
  'POST /deliveries/retry',
  'POST /representation-preview',
  'POST /',
  'POST /filter-preview',
  'GET /',
  'GET /:id',
  'PATCH /:id',
  'DELETE /:id',
  'GET /:id/secret',
  'POST /:id/secret/rotate',
  'POST /:id/test',
  'POST /test',
  'GET /:id/deliveries',
  'GET /:id/recover',
  'POST /:id/recover',
] as const;

/** Responds with 401 without an account, and with 403 for a suspended one. */
export class AccountGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const account = context.switchToHttp().getRequest<HeaderRequest>().headers['x-account'];
    if (account === undefined) throw new UnauthorizedException('Say who you are.');
    return account !== 'suspended';
  }
}

export interface HeaderRequest {
  headers: Record<string, string | undefined>;
}

export interface RestAppOptions {
  adapter?: (typeof ADAPTERS)[number];
  database?: DatabaseKind;
  /** An existing database with our tables, which outlives the app. */
  on?: TestDatabase;
  webhooks?: Partial<WebhooksModuleOptions>;
  /** Additional modules of the app. */
  imports?: ModuleMetadata['imports'];
  /** Runs before the app listens, like code in `main.ts`. */
  configure?: (app: INestApplication) => unknown;
  rawBody?: boolean;
  /** Receives logs of every level. Default: none. */
  logger?: LoggerService;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  // Each test knows the shape of the response that it expects.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** The fields that a 400 names, without duplicates. */
export const wrongFields = ({ body }: RestAnswer): string[] => [
  ...new Set((body.details as { field: string }[]).map(({ field }) => field)),
];

interface RestRequest {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** A text to send as the body, instead of `body`. */
  readonly text?: string;
}

/** Tables that only workers and operators use. */
const OF_WORKERS = /webhook_(?:workers|pauses|jobs|minutes)/;

/** Starts a Nest app with the routes under `/api/webhooks`, URI versions and its own validation pipe. */
export async function restApp(options: RestAppOptions = {}) {
  const database = options.on ?? (await createDatabase(options.database ?? 'sqlite'));
  const receiver = await Receiver.start();
  const clock = new WebhookTestClock();
  const logger = options.logger ?? (process.env.DEBUG_TESTS ? undefined : false);
  const builder = Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot({
        ...database.options,
        autoLoadEntities: true,
        migrations: webhooksMigrations,
        migrationsRun: options.on === undefined,
      } as Parameters<typeof TypeOrmModule.forRoot>[0]),
      EventEmitterModule.forRoot(),
      WebhooksModule.forRoot({
        events: EVENTS,
        api: {
          guards: [AccountGuard],
          tenant: (request: HeaderRequest) => request.headers['x-account'] ?? '',
        },
        network: { allowHttp: true, allowPrivateNetworks: true },
        delivery: { pollInterval: '1h' },
        ...options.webhooks,
      }),
      ...(options.imports ?? []),
    ],
  })
    .overrideProvider(WEBHOOKS_CLOCK)
    .useValue(clock);
  if (options.logger) builder.setLogger(options.logger);
  const module = await builder.compile();
  const adapter = options.adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app: INestApplication = module.createNestApplication(adapter, {
    logger,
    rawBody: options.rawBody ?? false,
  });
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await options.configure?.(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const runner = app.get(DeliveryRunner);
  const relay = app.get(RelayService);
  const webhooks = app.get(WebhooksService);

  /** Checks every response against the app's OpenAPI document. */
  const call = async (method: string, path: string, request: RestRequest = {}): Promise<RestAnswer> => {
    const answer = await send(port, method, path, request);
    expectDescribed(method, path, answer);
    return answer;
  };
  const settled = async (): Promise<void> => {
    do {
      await new Promise((resolve) => setImmediate(resolve));
      await runner.idle();
    } while (runner.busy || relay.busy);
  };
  return {
    app,
    webhooks,
    receiver,
    clock,
    relay,
    dataSource: app.get(DataSource),
    /** Sends any request. The path starts at the root, and is sent unchanged. */
    call,
    /** Sends a GET and returns the raw bytes of the response. */
    bytes: (path: string, headers: Record<string, string>) => bytes(port, path, headers),
    /** Sends requests of one account, with paths relative to the routes. */
    as: (account: string) => {
      const under =
        (method: string) =>
        (path: string, body?: unknown): Promise<RestAnswer> =>
          call(method, `/api/webhooks${path.replace(/^\/(?=\?|$)/, '')}`, {
            headers: { 'x-account': account },
            ...(body === undefined ? {} : { body }),
          });
      return { get: under('GET'), post: under('POST'), patch: under('PATCH'), delete: under('DELETE') };
    },
    /** Creates an endpoint on the receiver. */
    endpoint: async (tenant: string, input: object = {}): Promise<string> => {
      const { id } = await webhooks.endpoints.create(tenant, {
        name: 'Receiver',
        url: `${receiver.url}/${tenant}`,
        events: ['*'],
        ...input,
      });
      return id;
    },
    settled,
    /** Returns the SQL that `work` sends through TypeORM, without the statements of the worker. */
    statementsOf: async (work: () => Promise<unknown>): Promise<string[]> => {
      const logged = vi.spyOn(app.get(DataSource).logger, 'logQuery');
      await work();
      const statements = logged.mock.calls.map(([sql]) => sql).filter((sql) => !OF_WORKERS.test(sql));
      logged.mockRestore();
      return statements;
    },
    /** Moves the clock, claims what is due then, and waits until it has been sent and recorded. */
    after: async (ms: number): Promise<void> => {
      clock.advance(ms);
      await relay.runOnce();
      await settled();
    },
    stop: async (): Promise<void> => {
      await app.close();
      await receiver.stop();
      if (!options.on) await database.drop();
    },
  };
}

export type RestApp = Awaited<ReturnType<typeof restApp>>;

function bytes(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<{ headers: RestAnswer['headers']; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function send(port: number, method: string, path: string, request: RestRequest): Promise<RestAnswer> {
  const text = request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const headers = {
    ...(text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    ...request.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let received = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (received += chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: received,
          body:
            response.headers['content-type']?.includes('json') && received ? JSON.parse(received) : undefined,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}
