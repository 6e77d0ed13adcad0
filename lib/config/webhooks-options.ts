import type { CanActivate, FactoryProvider, ModuleMetadata, Type } from '@nestjs/common';
import type { AllowedHost } from '../domain/allowed-hosts.js';
import type { ClientCertificate } from '../domain/client-certificate.js';
import type { WebhookDuration } from '../domain/duration.js';
import type { RetryScheduleOption } from '../domain/retry-schedule.js';
import type { WebhooksDocumentsOptions } from './documents-options.js';
import type { WebhooksGuideOptions } from './guide-options.js';
import type { WebhooksOperatorOptions } from './operator-options.js';
import type { WebhookRepresentationOptions } from './representation-options.js';
import type { WebhooksSignatureOptions } from './signature-options.js';
import type { WebhookVersionOptions } from './version-options.js';
import type { WebhooksTelemetryOptions } from './telemetry-options.js';
import type { CurrentManager, WebhookEventCatalogueOptions } from './webhook-event-options.js';

/** What ioredis takes; the most used options are spelled out. */
export interface WebhooksRedisOptions {
  host?: string;
  port?: number;
  username?: string;
  password?: string;
  db?: number;
  tls?: object;
  [option: string]: unknown;
}

/** The REST routes. */
export interface WebhooksApiOptions {
  /** Default: `webhooks`. The app's global prefix and versioning come before it. */
  path?: string;
  /** Guards of every route, classes (their dependencies come from `imports`) or instances. */
  guards?: readonly (Type<CanActivate> | CanActivate)[];
  /** Mounts the routes with no guard of ours. Only for apps whose global guards protect them. */
  public?: boolean;
  /** Whose webhooks a request manages. Default: the app has no tenants. */
  tenant?: (request: never) => string | Promise<string>;
  /**
   * Who makes a request, for the record of who did what: `(request) => request.user.email`. It is asked where something is done; one
   * that throws keeps it from being done. Default: nobody knows.
   */
  actor?: (request: never) => string | null | undefined | Promise<string | null | undefined>;
  /** The version of the routes under `enableVersioning`. Default: neutral. */
  version?: string | string[];
}

/** Where the transaction of an emit's caller comes from, in apps whose transactions are in an async context. */
export interface WebhooksTransactionOptions {
  /** What `useFactory` gets. Modules that are not global go to `imports`. */
  inject?: FactoryProvider['inject'];
  /** Runs once at startup; what it gives is asked at every emit without a `manager`. */
  useFactory: (...dependencies: never[]) => CurrentManager | Promise<CurrentManager>;
}

/** Who did what: see `GET <path>/audit`. */
export interface WebhooksAuditOptions {
  /** How long acts are kept; `false`: for ever. Default: `365d`. */
  retention?: WebhookDuration | false;
}

export type WebhooksQueueOption = 'bull' | 'bullmq' | 'notify' | 'in-process';

/** What must be known while Nest puts the module together: the top level of `forRoot` and `forRootAsync`. */
export interface WebhooksStructureOptions {
  /** The catalogue of event types, beside those that modules bring with `forFeature`. */
  events?: WebhookEventCatalogueOptions;
  /**
   * Whether the app has tenants: with `true`, every emit must name one. Default: whether `api.tenant` is given; with
   * `api: false`, emits that name none are refused once a tenant has a webhook.
   */
  tenants?: boolean;
  /** The REST routes, or `false` for none. Without `guards` or `public: true` the app does not start. */
  api?: WebhooksApiOptions | false;
  /** The dashboard at `<path>/dashboard`, behind the guards of `api`. Default: true where there are routes. */
  dashboard?: boolean;
  /**
   * The customers' guide at `<path>/guide` and `<path>/guide.md`, behind the guards of `api` unless it says otherwise; `false` for
   * none. Default: there where there are routes.
   */
  guide?: WebhooksGuideOptions | false;
  /**
   * `<path>/openapi.json`, `<path>/asyncapi.json` and a JSON Schema for each event type, behind the guards of the guide unless it says
   * otherwise; `false` for none. Default: there where there are routes.
   */
  documents?: WebhooksDocumentsOptions | false;
  /**
   * Routes over all tenants for those who run the app, at `admin/webhooks` behind guards of their own; `false` for none. They work with
   * `api: false`, too, and `WebhooksOperator` is there without them. Default: false.
   */
  operator?: WebhooksOperatorOptions | false;
  /**
   * How the workers of other processes learn at once that something is due: `bull` and `bullmq` by Redis, `notify` by PostgreSQL itself.
   * With `in-process` they find it at their next poll. Default: `bull` where `redis` is given to `forRoot`, else `in-process`.
   */
  queue?: WebhooksQueueOption;
  /** Whether this process delivers. Default: true. With false it stores, pushes and serves the routes. */
  worker?: boolean;
  /** The name of the `DataSource`, where it is not the default one. */
  dataSource?: string;
  /**
   * For an app with no TypeORM of its own: the URL of the database that the webhooks' tables are in, `postgres://…`, `mysql://…`,
   * `mariadb://…` or `file:…` (SQLite). The module opens a `DataSource` of its own there, makes the tables and closes it with the app.
   * Default: the app's `DataSource`.
   */
  database?: string;
  /** Has every emit join the transaction that its caller is in. Default: only one with a `manager` joins. */
  transaction?: WebhooksTransactionOptions;
  /** Modules whose exports the guards, or `transaction.inject`, need. */
  imports?: ModuleMetadata['imports'];
}

/** What one module of the app brings: `WebhooksModule.forFeature`. */
export interface WebhooksFeatureOptions {
  /** The event types of the module. */
  events: WebhookEventCatalogueOptions;
}

/** Values: what an async factory gives. */
export interface WebhooksOptions {
  /** Redis for Bull or BullMQ: a URL, or the options of ioredis. Default: the app's `BullModule.forRoot`. */
  redis?: string | WebhooksRedisOptions;
  /** Prefix of the keys in Redis, in braces so that a cluster keeps them together. Default: one of the database's own. */
  redisPrefix?: string;
  retry?: {
    /** Default: `'customers-guide'`, which is `['5m', '15m', '30m', '1h', '2h']`, offsets from the first attempt. */
    schedule?: RetryScheduleOption;
    /** How much later than planned an attempt may be, at random: a share of the gap before it, 0 to 1. Default: 0. */
    jitter?: number;
  };
  delivery?: {
    /** Wall-clock time of one attempt, from the DNS lookup to the end of the response. Default: `15s`. */
    timeout?: WebhookDuration;
    /** Requests in flight per process. Default: 50. */
    concurrency?: number;
    /**
     * The most requests in flight per endpoint and process. It begins with five, or this where it is less, and follows what the endpoint
     * takes. Default: 40.
     */
    endpointConcurrency?: number;
    /** Bytes kept of a response body. Default: 4096. */
    captureBytes?: number;
    /** How long a claimed delivery is held before it is taken for lost. Default: the timeout and 15 s. */
    lease?: WebhookDuration;
    /** How often a worker that nobody wakes looks for what is due. Default: `1s`. */
    pollInterval?: WebhookDuration;
    /** How long a closing app waits for requests in flight before it cuts them. Default: `3s`. */
    shutdownGrace?: WebhookDuration;
  };
  network?: {
    /** Default: false. */
    allowHttp?: boolean;
    /** Loopback, RFC 1918 and the like. Never the metadata addresses of clouds. Default: false. */
    allowPrivateNetworks?: boolean;
    /** Addresses and CIDR blocks that are allowed although they are not public. Default: none. */
    allowedAddresses?: readonly string[];
    /**
     * Names that are allowed although they are not public: `'receiver.default.svc'`, or `'*.corp.example'` for all below one. They may lead to
     * what any name may, and to `addresses` where those are given: `{ host: '*.corp.example', addresses: ['10.0.0.0/8'] }`. Default: none.
     */
    allowedHosts?: readonly AllowedHost[];
    /** Certificates of authorities that are trusted besides those of Node: PEM, as one text or several. Default: none. */
    ca?: string | readonly string[];
    /**
     * A certificate and its key in PEM, for receivers that ask who connects; an endpoint's own comes before it. Default: none.
     */
    clientCertificate?: ClientCertificate;
    /**
     * An HTTP proxy that all requests go through, by CONNECT to an address that was looked up and judged here: `http://proxy:3128`, with
     * credentials where it needs some. Default: none, whatever the environment says.
     */
    proxy?: string;
  };
  /** How requests are signed. Default: the hex HMAC of the body, and Standard Webhooks. */
  signature?: WebhooksSignatureOptions;
  /** Forms of the app's own for events, which endpoints can ask for by these names. Default: none beside those that are built in. */
  representations?: Readonly<Record<string, WebhookRepresentationOptions>>;
  /** Dated versions of the data of events, by their days: endpoints keep the newest one of their creation. Default: none. */
  versions?: Readonly<Record<string, WebhookVersionOptions>>;
  cloudEvents?: {
    /** The attribute `source` of the representations `cloudevents` and `cloudevents-binary`: a URI reference. Default: `/webhooks`. */
    source?: string;
  };
  encryption?: {
    /** Keys of 32 bytes in base64: the first seals secrets, all open them. Default: none, stored as plain text. */
    keys?: readonly string[];
  };
  /** An endpoint that has failed every attempt for so long is disabled; `false`: never. Default: `5d`. */
  disableAfter?: WebhookDuration | false;
  /**
   * The app is told with `webhooks.endpoint.failing` of an endpoint that has failed every attempt for so long; `false`: never. Default: a
   * fifth of `disableAfter`, `1d` where that is false.
   */
  failingAfter?: WebhookDuration | false;
  /**
   * How often an endpoint that was disabled for failing gets a failed delivery again; one that takes it is on again. Default: false, which
   * is never.
   */
  probeEvery?: WebhookDuration | false;
  /** How long finished deliveries and their events are kept; `false`: for ever. Default: `30d`. */
  retention?: WebhookDuration | false;
  /** Who did what; `false`: nobody's acts are recorded. Default: recorded. */
  audit?: WebhooksAuditOptions | false;
  /** Metrics and traces. Default: none. */
  telemetry?: WebhooksTelemetryOptions;
  limits?: {
    /** Bytes of one event's body. Default: 262144 (256 KiB). */
    bodyBytes?: number;
    /** Endpoints per tenant. Default: 10000. */
    endpointsPerTenant?: number;
    /** Test sends per tenant and minute, over all processes. Default: 60. */
    testsPerMinute?: number;
    /** Resends and recoveries per tenant, minute and process. Default: 300. */
    resendsPerMinute?: number;
  };
}

export type WebhooksModuleOptions = WebhooksStructureOptions & WebhooksOptions;
