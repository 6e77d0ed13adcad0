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

/** Options of ioredis; only the most used are declared. */
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
  /** Mounts the routes without a guard of ours. Only for apps whose global guards protect them. */
  public?: boolean;
  /** Whose webhooks a request manages. Default: the app has no tenants. */
  tenant?: (request: never) => string | Promise<string>;
  /**
   * Who makes a request, for the audit log: `(request) => request.user.email`. Called when something is done; if it
   * throws, that is not done. Default: nobody knows.
   */
  actor?: (request: never) => string | null | undefined | Promise<string | null | undefined>;
  /** The version of the routes under `enableVersioning`. Default: neutral. */
  version?: string | string[];
}

/** How to find the transaction of an emit's caller, in apps that keep it in an async context. */
export interface WebhooksTransactionOptions {
  /** The arguments of `useFactory`. Modules that are not global go to `imports`. */
  inject?: FactoryProvider['inject'];
  /** Runs once at startup. The function that it returns is called at every emit without a `manager`. */
  useFactory: (...dependencies: never[]) => CurrentManager | Promise<CurrentManager>;
}

/** The audit log: see `GET <path>/audit`. */
export interface WebhooksAuditOptions {
  /** How long acts are kept; `false`: for ever. Default: `365d`. */
  retention?: WebhookDuration | false;
}

export type WebhooksQueueOption = 'bull' | 'bullmq' | 'notify' | 'in-process';

/** Options that Nest needs while it puts the module together: the top level of `forRoot` and `forRootAsync`. */
export interface WebhooksStructureOptions {
  /** The catalogue of event types, in addition to those that modules bring with `forFeature`. */
  events?: WebhookEventCatalogueOptions;
  /**
   * Whether the app has tenants. With `true`, every emit must name one. Default: whether `api.tenant` is given. With
   * `api: false`, emits without a tenant are refused once a tenant has a webhook.
   */
  tenants?: boolean;
  /** The REST routes; `false` for none. Without `guards` or `public: true` the app does not start. */
  api?: WebhooksApiOptions | false;
  /** The dashboard at `<path>/dashboard`, behind the guards of `api`. Default: true if there are routes. */
  dashboard?: boolean;
  /**
   * The customers' guide at `<path>/guide` and `<path>/guide.md`, behind the guards of `api` unless its options say
   * otherwise; `false` for none. Default: on if there are routes.
   */
  guide?: WebhooksGuideOptions | false;
  /**
   * `<path>/openapi.json`, `<path>/asyncapi.json` and a JSON Schema for each event type, behind the guards of the guide
   * unless its options say otherwise; `false` for none. Default: on if there are routes.
   */
  documents?: WebhooksDocumentsOptions | false;
  /**
   * Routes over all tenants for the people who run the app, at `admin/webhooks` behind guards of their own; `false` for
   * none. They also work with `api: false`. `WebhooksOperator` is there without them. Default: false.
   */
  operator?: WebhooksOperatorOptions | false;
  /**
   * How workers of other processes learn at once that something is due: `bull` and `bullmq` by Redis, `notify` by
   * PostgreSQL itself. With `in-process` they find it at their next poll. Default: `bull` if `redis` is given to
   * `forRoot`, otherwise `in-process`.
   */
  queue?: WebhooksQueueOption;
  /** Whether this process delivers. With false it stores events, wakes workers and serves the routes. Default: true. */
  worker?: boolean;
  /** The name of the `DataSource`. Default: the default one. */
  dataSource?: string;
  /**
   * For an app without TypeORM: the URL of the database with the webhooks' tables, `postgres://…`, `mysql://…`,
   * `mariadb://…` or `file:…` (SQLite). The module opens a `DataSource` of its own there, makes the tables and closes
   * it with the app. Default: the app's `DataSource`.
   */
  database?: string;
  /** Makes every emit join the transaction that its caller is in. Default: only an emit with a `manager` joins. */
  transaction?: WebhooksTransactionOptions;
  /** Modules whose exports the guards, or `transaction.inject`, need. */
  imports?: ModuleMetadata['imports'];
}

/** The options of `WebhooksModule.forFeature`: what one module of the app brings. */
export interface WebhooksFeatureOptions {
  /** The event types of the module. */
  events: WebhookEventCatalogueOptions;
}

/** Values: an async factory returns them. */
export interface WebhooksOptions {
  /** Redis for Bull or BullMQ: a URL, or the options of ioredis. Default: the app's `BullModule.forRoot`. */
  redis?: string | WebhooksRedisOptions;
  /**
   * Prefix of the keys in Redis, in braces so that a cluster keeps them together. Default: one that identifies the
   * database.
   */
  redisPrefix?: string;
  retry?: {
    /**
     * When to retry. Offsets from the first attempt. Default: `'customers-guide'`, which is `['5m', '15m', '30m', '1h',
     * '2h']`.
     */
    schedule?: RetryScheduleOption;
    /** How late an attempt may be, at random: a share of the gap before it, 0 to 1. Default: 0. */
    jitter?: number;
  };
  delivery?: {
    /** Real time of one attempt, from the DNS look-up to the end of the response. Default: `15s`. */
    timeout?: WebhookDuration;
    /** Requests at once per process. Default: 50. */
    concurrency?: number;
    /**
     * Requests at once per endpoint and process, at most. Begins with five, or with this if it is less, and adapts to
     * what the endpoint takes. Default: 40.
     */
    endpointConcurrency?: number;
    /** Bytes kept of a response body. Default: 4096. */
    captureBytes?: number;
    /** How long a process holds a claimed delivery before others may take it. Default: the timeout plus 15 s. */
    lease?: WebhookDuration;
    /** How often a worker looks for due deliveries if nobody wakes it. Default: `1s`. */
    pollInterval?: WebhookDuration;
    /** How long a closing app waits for requests under way before it cuts them. Default: `3s`. */
    shutdownGrace?: WebhookDuration;
  };
  network?: {
    /** Allows `http:` URLs. Default: false. */
    allowHttp?: boolean;
    /**
     * Allows loopback, RFC 1918 and the like. The metadata addresses of clouds are refused all the same. Default:
     * false.
     */
    allowPrivateNetworks?: boolean;
    /** Addresses and CIDR blocks that are allowed although they are not public. Default: none. */
    allowedAddresses?: readonly string[];
    /**
     * Names that are allowed although they are not public: `'receiver.default.svc'`, or `'*.corp.example'` for all
     * names below `corp.example`. They may have the addresses that every name may have, and the given `addresses`: `{
     * host: '*.corp.example', addresses: ['10.0.0.0/8'] }`. Default: none.
     */
    allowedHosts?: readonly AllowedHost[];
    /** Certificates of authorities to trust in addition to Node's: PEM, as one text or several. Default: none. */
    ca?: string | readonly string[];
    /**
     * A certificate and its key in PEM, for receivers that ask for a client certificate. An endpoint's own takes
     * precedence. Default: none.
     */
    clientCertificate?: ClientCertificate;
    /**
     * An HTTP proxy for all requests: `http://proxy:3128`, with credentials if it needs them. It gets CONNECT with an
     * address that was looked up and judged here. Default: none, whatever the environment says.
     */
    proxy?: string;
  };
  /** How requests are signed. Default: the hex HMAC of the body, and Standard Webhooks. */
  signature?: WebhooksSignatureOptions;
  /** The app's own forms of events, which endpoints can choose by these names. Default: only the built-in ones. */
  representations?: Readonly<Record<string, WebhookRepresentationOptions>>;
  /**
   * Dated versions of the data of events, by date. An endpoint keeps the version that was the newest when it was
   * created. Default: none.
   */
  versions?: Readonly<Record<string, WebhookVersionOptions>>;
  cloudEvents?: {
    /** The attribute `source` of the representations `cloudevents` and `cloudevents-binary`: a URI reference. Default: `/webhooks`. */
    source?: string;
  };
  encryption?: {
    /**
     * Keys of 32 bytes in base64: the first seals secrets, all open them. Default: none, secrets are stored as plain
     * text.
     */
    keys?: readonly string[];
  };
  /** Disables an endpoint that has failed every attempt for this long; `false`: never. Default: `5d`. */
  disableAfter?: WebhookDuration | false;
  /**
   * Tells the app by `webhooks.endpoint.failing` about an endpoint that has failed every attempt for this long;
   * `false`: never. Default: a fifth of `disableAfter`; `1d` if that is false.
   */
  failingAfter?: WebhookDuration | false;
  /**
   * The app is told with `webhooks.lag.exceeded` if a delivery has been due for so long, and nobody has sent it or put it off;
   * `false`: never. Default: `5m`.
   */
  lagAfter?: WebhookDuration | false;
  /**
   * How often an endpoint that was disabled for failing gets a failed delivery again. If it accepts that, it is turned
   * on. Default: false, never.
   */
  probeEvery?: WebhookDuration | false;
  /** How long finished deliveries and their events are kept; `false`: for ever. Default: `30d`. */
  retention?: WebhookDuration | false;
  /** The audit log; `false`: acts are not recorded. Default: recorded. */
  audit?: WebhooksAuditOptions | false;
  /** Metrics and traces. Default: none. */
  telemetry?: WebhooksTelemetryOptions;
  limits?: {
    /** Bytes of one event's body. Default: 262144 (256 KiB). */
    bodyBytes?: number;
    /** Endpoints per tenant. Default: 10000. */
    endpointsPerTenant?: number;
    /** Tests per tenant and minute, over all processes. Default: 60. */
    testsPerMinute?: number;
    /** Resends and recoveries per tenant, minute and process. Default: 300. */
    resendsPerMinute?: number;
  };
}

export type WebhooksModuleOptions = WebhooksStructureOptions & WebhooksOptions;
