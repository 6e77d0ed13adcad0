import type { DynamicModule, ModuleMetadata, Provider, Type } from '@nestjs/common';
import { DiscoveryModule, ModulesContainer } from '@nestjs/core';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { API_ROUTES, apiControllers } from './api/api-controllers.js';
import { OPERATOR_ROUTES, operatorControllers } from './api/operator/operator-controllers.js';
import { PublicKeysController } from './api/public-keys.controller.js';
import { DeliveriesService } from './management/deliveries.service.js';
import { SingleResend } from './management/single-resend.js';
import { EndpointsService } from './management/endpoints.service.js';
import { DeferredDeliveries } from './management/deferred-deliveries.js';
import { EventsService } from './management/events.service.js';
import { RepresentationsService } from './management/representations.service.js';
import { LimitAlerts } from './management/limit-alerts.js';
import { ResendLimit } from './management/resend-limit.js';
import { AuditService } from './management/audit.service.js';
import { SecretResealer } from './management/secret-resealer.js';
import { SettingsService } from './management/settings.service.js';
import { StatsService } from './management/stats.service.js';
import { TenantLimits } from './management/tenant-limits.js';
import { TestSender } from './management/test-sender.js';
import { AuditLog } from './audit/audit-log.js';
import { AppListeners } from './config/app-listeners.js';
import type { WebhooksStructure } from './config/check-structure.js';
import { checkFactoryNames } from './config/option-names.js';
import { checkOneRoot, declaredEvents, type WebhooksDeclaration } from './config/declarations.js';
import { developerHint } from './config/developer-hint.js';
import { EventCatalogue } from './config/event-catalogue.js';
import { EventVersions } from './config/event-versions.js';
import { Representations } from './config/representations.js';
import { resolveOptions } from './config/resolve-options.js';
import {
  WEBHOOKS_CATALOGUE,
  WEBHOOKS_CLOCK,
  WEBHOOKS_CONFIG,
  WEBHOOKS_CURRENT_MANAGER,
  WEBHOOKS_DATABASE_IDENTITY,
  WEBHOOKS_DECLARATION,
  WEBHOOKS_INSTANCE,
  WEBHOOKS_LOCAL_WORKER,
  WEBHOOKS_LOOKUP,
  WEBHOOKS_MACHINE_CLOCK,
  WEBHOOKS_QUEUE,
  WEBHOOKS_RESOLVED_OPTIONS,
  WEBHOOKS_STRUCTURE,
} from './config/tokens.js';
import { WebhooksLogger } from './config/webhooks-logger.js';
import type { WebhooksConfig } from './config/webhooks-config.js';
import type { WebhooksOptions } from './config/webhooks-options.js';
import {
  DASHBOARD_ROUTES,
  dashboardControllers,
  operatorPageControllers,
} from './dashboard/dashboard-controllers.js';
import { AccessTokens } from './delivery/access-tokens.js';
import { AuthorizedSender } from './delivery/authorized-sender.js';
import { ClientIdentities } from './delivery/client-identities.js';
import { AttemptSender } from './delivery/attempt-sender.js';
import { DeliveryRecorder } from './delivery/delivery-recorder.js';
import { DeliveryRunner } from './delivery/delivery-runner.js';
import { EndpointProbes } from './delivery/endpoint-probes.js';
import type { HostLookup } from './delivery/guarded-connector.js';
import { PauseWatch } from './delivery/pause-watch.js';
import { WebhookHttpClient } from './delivery/http-client.js';
import { FrozenBodies } from './delivery/frozen-bodies.js';
import { ImmediateSender } from './delivery/immediate-sender.js';
import { LifecycleEvents } from './delivery/lifecycle-events.js';
import { AmbientTransaction } from './dispatch/ambient-transaction.js';
import { AppStart } from './dispatch/app-start.js';
import { CommitSubscriber } from './dispatch/commit.subscriber.js';
import { InProcessQueue } from './dispatch/in-process.queue.js';
import { NotifyQueue } from './dispatch/notify.queue.js';
import { OwnWork } from './dispatch/own-work.js';
import { RelayService } from './dispatch/relay.service.js';
import { RetentionService } from './dispatch/retention.service.js';
import { UnnamedTenant } from './dispatch/unnamed-tenant.js';
import { WebhookEmitter } from './dispatch/webhook-emitter.js';
import { AddressPolicy, type NetworkRules } from './domain/address-policy.js';
import { steadyClock, type WebhookClock } from './domain/clock.js';
import { OutageLog } from './domain/outage-log.js';
import type { NetworkOption } from './domain/webhook-url.js';
import { newInstanceId } from './domain/id.js';
import { InvalidWebhooksOptionError } from './domain/webhooks.error.js';
import { GUIDE_ROUTES, guideControllers } from './guide/guide-controllers.js';
import {
  DOCUMENTS_ROUTES,
  documentsControllers,
  operatorDocumentsControllers,
} from './documents/documents-controllers.js';
import { DocumentsService } from './documents/documents.service.js';
import { CUSTOMERS, OPERATORS } from './documents/routes/described.js';
import { describeInSwagger, leaveOutOfSwagger, type MountedRoutes } from './documents/swagger.js';
import { GuideService } from './guide/guide.service.js';
import { DomainEventListener } from './mapping/domain-event.listener.js';
import { AlertsService } from './operation/alerts.service.js';
import { HealthService } from './operation/health.service.js';
import { HeartbeatService } from './operation/heartbeat.service.js';
import { EraseWork } from './operation/acts/jobs/erase-work.js';
import { JobRounds } from './operation/acts/jobs/job-rounds.js';
import { JobWorks } from './operation/acts/jobs/job-works.js';
import { JobsService } from './operation/acts/jobs/jobs.service.js';
import { MoveWork } from './operation/acts/jobs/move-work.js';
import { RecoverWork } from './operation/acts/jobs/recover-work.js';
import { ResendWork } from './operation/acts/jobs/resend-work.js';
import { TenantSettingsService } from './operation/acts/tenant-settings.service.js';
import { EndpointSwitches } from './operation/acts/endpoint-switches.js';
import { WorkerRounds } from './operation/worker-rounds.js';
import { ParkedDeliveries } from './operation/acts/parked-deliveries.js';
import { PauseRounds } from './operation/acts/pause-rounds.js';
import { PausesService } from './operation/acts/pauses.service.js';
import { OperatorAuditService } from './operation/operator/operator-audit.service.js';
import { OperatorDeliveriesService } from './operation/operator/operator-deliveries.service.js';
import { OperatorEndpointsService } from './operation/operator/operator-endpoints.service.js';
import { OperatorEventsService } from './operation/operator/operator-events.service.js';
import { OperatorHistoryService } from './operation/operator/operator-history.service.js';
import { OperatorOverviewService } from './operation/operator/operator-overview.service.js';
import { OperatorSearchService } from './operation/operator/operator-search.service.js';
import { OperatorStatsService } from './operation/operator/operator-stats.service.js';
import { OperatorTenantsService } from './operation/operator/operator-tenants.service.js';
import { OperatorWorkersService } from './operation/operator/operator-workers.service.js';
import { WebhooksOperator } from './operation/operator/webhooks-operator.js';
import { GaugesService } from './operation/telemetry/gauges.service.js';
import { TelemetryService } from './operation/telemetry/telemetry.service.js';
import { databaseIdentity } from './persistence/database-identity.js';
import { DatabaseClock } from './persistence/database-clock.js';
import { webhooksEntities } from './persistence/entities.js';
import { checkEntities, prepareSchema } from './persistence/schema/prepare-schema.js';
import { SecretSealer } from './persistence/secret-sealer.js';
import { mountedController } from './routes/mounted-controller.js';
import { checkServerSettings } from './persistence/server-settings.js';
import { WebhooksDatabase } from './persistence/sql/webhooks-database.js';
import { WebhookAuditRepository } from './persistence/webhook-audit.repository.js';
import { WebhookDeliveryRepository } from './persistence/webhook-delivery.repository.js';
import { EndpointFilters, FilteredBodies } from './persistence/endpoint-filters.js';
import { WebhookEndpointRepository } from './persistence/webhook-endpoint.repository.js';
import { WebhookEventRepository } from './persistence/webhook-event.repository.js';
import { WebhookHealthRepository } from './persistence/webhook-health.repository.js';
import { LoggedDeliveries } from './persistence/logged-deliveries.js';
import { WebhookLogRepository } from './persistence/webhook-log.repository.js';
import { WebhookSearchRepository } from './persistence/webhook-search.repository.js';
import { WebhookRecoveryRepository } from './persistence/webhook-recovery.repository.js';
import { WebhookResendRepository } from './persistence/webhook-resend.repository.js';
import { WebhookAllEndpointsRepository } from './persistence/webhook-all-endpoints.repository.js';
import { WebhookAlertRepository } from './persistence/webhook-alert.repository.js';
import { WebhookBacklogRepository } from './persistence/webhook-backlog.repository.js';
import { WebhookBulkRepository } from './persistence/webhook-bulk.repository.js';
import { WebhookErasureRepository } from './persistence/webhook-erasure.repository.js';
import { WebhookTenantSettingsRepository } from './persistence/webhook-tenant-settings.repository.js';
import { WebhookJobRepository } from './persistence/webhook-job.repository.js';
import { WebhookWorkRepository } from './persistence/webhook-work.repository.js';
import { WebhookPauseRepository } from './persistence/webhook-pause.repository.js';
import { WebhookMinuteRepository } from './persistence/webhook-minute.repository.js';
import { WebhookTenantRepository } from './persistence/webhook-tenant.repository.js';
import { WebhookStatsRepository } from './persistence/webhook-stats.repository.js';
import { WebhookWorkerRepository } from './persistence/webhook-worker.repository.js';
import { DueRun } from './webhooks.due-run.js';
import { WEBHOOKS_OPTIONS } from './webhooks.module-definition.js';
import { WebhooksService } from './webhooks.service.js';
import { WebhooksWorker } from './webhooks.worker.js';

type Parts = Required<Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers' | 'exports'>>;

/** What the module is made of, in the order of the flow. */
export function webhooksParts(structure: WebhooksStructure): Parts {
  return {
    imports: [
      ...structure.imports,
      DiscoveryModule,
      ...ownDataSource(structure),
      TypeOrmModule.forFeature(webhooksEntities, structure.dataSource),
      ...(structure.queue === 'bull' ? [bullQueueModule(structure.worker)] : []),
      ...(structure.queue === 'bullmq' ? [bullmqQueueModule()] : []),
    ],
    controllers: controllers(structure),
    providers: [
      ...configuration(structure),
      ...persistence(structure),
      ...queue(structure),
      currentManager(structure),
      ...DISPATCH,
      ...DELIVERY,
      ...OPERATION,
      ...MANAGEMENT,
      ...OPERATOR,
      DomainEventListener,
      ...API_ROUTES,
      ...OPERATOR_ROUTES,
      ...DASHBOARD_ROUTES,
      GuideService,
      ...GUIDE_ROUTES,
      DocumentsService,
      ...DOCUMENTS_ROUTES,
      PublicKeysController,
      WebhooksWorker,
    ],
    exports: [
      WebhooksService,
      WebhooksOperator,
      WEBHOOKS_CATALOGUE,
      WEBHOOKS_OPTIONS,
      ...(usesRedis(structure) ? [WEBHOOKS_DATABASE_IDENTITY] : []),
    ],
  };
}

/** With a table of migrations of its own: that of the app's other tool may have the same name, and other columns. */
const ownDataSource = ({ dataSource, database }: WebhooksStructure): DynamicModule[] =>
  database && dataSource
    ? [
        TypeOrmModule.forRoot({
          ...database,
          name: dataSource,
          entities: webhooksEntities,
          synchronize: true,
          migrationsTableName: 'webhook_migrations',
        }),
      ]
    : [];

/** Those with paths of their own before `/:id`, which would take their paths for ids. */
function controllers(structure: WebhooksStructure): Type[] {
  const { api, dashboard, guide } = structure;
  const operators = operatorsPart(structure);
  if (!api) {
    describeInSwagger(operators.routes, structure);
    return operators.all;
  }
  const pages = [
    ...(dashboard ? dashboardControllers(api) : []),
    ...(guide ? guideControllers(api, guide) : []),
    ...documentsControllers(structure),
    mountedController(PublicKeysController, api, { path: api.path, guards: [] }),
  ];
  const routes = apiControllers(api);
  leaveOutOfSwagger(pages);
  const ofCustomers = { audience: CUSTOMERS, controllers: routes, at: api };
  describeInSwagger([...operators.routes, ofCustomers], structure);
  return [...operators.all, ...pages, ...routes];
}

function operatorsPart(structure: WebhooksStructure): { all: Type[]; routes: MountedRoutes[] } {
  const { operator } = structure;
  if (!operator) return { all: [], routes: [] };
  const controllers = operatorControllers(operator);
  const pages = [...operatorPageControllers(operator), ...operatorDocumentsControllers(structure)];
  leaveOutOfSwagger(pages);
  const routes = [{ audience: OPERATORS, controllers, at: operator }];
  return { all: [...pages, ...controllers], routes };
}

/** Which one a refused destination would need is not told apart: its text is one for all. */
const missingOptions = ({ allowHttp, allowPrivateNetworks }: NetworkRules): NetworkOption[] => [
  ...(allowHttp ? [] : (['network.allowHttp'] as const)),
  ...(allowPrivateNetworks
    ? []
    : (['network.allowPrivateNetworks', 'network.allowedAddresses', 'network.allowedHosts'] as const)),
];

const DISPATCH: Provider[] = [
  CommitSubscriber,
  AmbientTransaction,
  UnnamedTenant,
  AppStart,
  OwnWork,
  WebhookEmitter,
  RelayService,
  RetentionService,
];

function currentManager({ transaction }: WebhooksStructure): Provider {
  if (!transaction) return { provide: WEBHOOKS_CURRENT_MANAGER, useValue: () => undefined };
  return {
    provide: WEBHOOKS_CURRENT_MANAGER,
    inject: transaction.inject ?? [],
    useFactory: async (...dependencies: never[]) => {
      const current: unknown = await transaction.useFactory(...dependencies);
      if (typeof current === 'function') return current;
      throw new InvalidWebhooksOptionError(
        'transaction.useFactory',
        `must give a function that gives the current EntityManager, such as (host) => () => host.tx, got ${typeof current}.`,
      );
    },
  };
}

const DELIVERY: Provider[] = [
  AppListeners,
  AuditLog,
  FrozenBodies,
  AccessTokens,
  ClientIdentities,
  AuthorizedSender,
  AttemptSender,
  LifecycleEvents,
  DeliveryRecorder,
  ImmediateSender,
  PauseWatch,
  DeliveryRunner,
  EndpointProbes,
  { provide: WEBHOOKS_LOCAL_WORKER, useExisting: DeliveryRunner },
  {
    provide: WebhookHttpClient,
    inject: [WEBHOOKS_CONFIG, { token: WEBHOOKS_LOOKUP, optional: true }],
    useFactory: ({ delivery, network }: WebhooksConfig, lookup?: HostLookup) =>
      new WebhookHttpClient({
        timeoutMs: delivery.timeoutMs,
        captureBytes: delivery.captureBytes,
        policy: new AddressPolicy(network),
        ca: network.ca,
        identity: network.clientCertificate,
        proxy: network.proxy,
        proxyHealth: new OutageLog(new WebhooksLogger(), 'The proxy of network.proxy opens no tunnel'),
        refusalHint: developerHint(missingOptions(network)),
        ...(lookup ? { lookup } : {}),
      }),
  },
];

const OPERATION: Provider[] = [
  HealthService,
  HeartbeatService,
  AlertsService,
  GaugesService,
  TelemetryService,
];

const OPERATOR: Provider[] = [
  ResendWork,
  RecoverWork,
  MoveWork,
  EraseWork,
  JobWorks,
  JobRounds,
  JobsService,
  TenantSettingsService,
  EndpointSwitches,
  ParkedDeliveries,
  PauseRounds,
  PausesService,
  WorkerRounds,
  OperatorTenantsService,
  OperatorEndpointsService,
  OperatorAuditService,
  OperatorDeliveriesService,
  OperatorEventsService,
  OperatorSearchService,
  OperatorOverviewService,
  OperatorHistoryService,
  OperatorStatsService,
  OperatorWorkersService,
  WebhooksOperator,
];

const MANAGEMENT: Provider[] = [
  AuditService,
  SecretResealer,
  LimitAlerts,
  DeferredDeliveries,
  EndpointsService,
  TestSender,
  TenantLimits,
  ResendLimit,
  DeliveriesService,
  SingleResend,
  EventsService,
  StatsService,
  SettingsService,
  RepresentationsService,
  DueRun,
  WebhooksService,
];

function configuration(structure: WebhooksStructure): Provider[] {
  return [
    {
      provide: WEBHOOKS_STRUCTURE,
      inject: [ModulesContainer],
      useFactory: (modules: ModulesContainer) => {
        checkOneRoot(modules);
        return structure;
      },
    },
    {
      provide: WEBHOOKS_CATALOGUE,
      inject: [ModulesContainer],
      useFactory: (modules: ModulesContainer) => new EventCatalogue(declaredEvents(modules)),
    },
    {
      provide: Representations,
      inject: [WEBHOOKS_CONFIG, WEBHOOKS_CATALOGUE],
      useFactory: (config: WebhooksConfig, catalogue: EventCatalogue) => {
        const { representations: own, cloudEvents, limits } = config;
        const versions = new EventVersions(config.versions, catalogue);
        return new Representations(
          { own, source: cloudEvents.source },
          limits.bodyBytes,
          catalogue,
          versions,
        );
      },
    },
    { provide: WEBHOOKS_INSTANCE, useFactory: newInstanceId },
    { provide: WEBHOOKS_MACHINE_CLOCK, useValue: steadyClock },
    {
      provide: WEBHOOKS_CONFIG,
      // Not `useExisting`: up to Nest 11, an override of an alias has no effect.
      inject: [WEBHOOKS_RESOLVED_OPTIONS],
      useFactory: (config: WebhooksConfig) => config,
    },
    {
      provide: WEBHOOKS_RESOLVED_OPTIONS,
      inject: [WEBHOOKS_OPTIONS, WEBHOOKS_DECLARATION],
      useFactory: (options: WebhooksOptions, { method }: WebhooksDeclaration) => {
        if (method === 'forRootAsync') checkFactoryNames(options);
        if (options.redis !== undefined && !usesRedis(structure)) {
          throw new InvalidWebhooksOptionError(
            'queue',
            "must be 'bull' or 'bullmq' where redis is given. In forRootAsync, write queue: 'bull' beside useFactory.",
          );
        }
        if (options.redisPrefix !== undefined && !usesRedis(structure)) {
          throw new InvalidWebhooksOptionError(
            'redisPrefix',
            "is of no use without queue: 'bull' or 'bullmq'.",
          );
        }
        return resolveOptions(options);
      },
    },
  ];
}

function persistence(structure: WebhooksStructure): Provider[] {
  return [
    {
      provide: WebhooksDatabase,
      // Whoever gets the database gets it with its tables: made once it is certain that nobody else makes them.
      inject: [getDataSourceToken(structure.dataSource), WEBHOOKS_STRUCTURE],
      useFactory: async (dataSource: DataSource) => {
        checkEntities(dataSource);
        await checkServerSettings(dataSource);
        const logger = new WebhooksLogger();
        for (const warning of await prepareSchema(dataSource)) logger.warn(warning);
        return new WebhooksDatabase(dataSource);
      },
    },
    {
      provide: WEBHOOKS_CLOCK,
      inject: [WebhooksDatabase, WEBHOOKS_MACHINE_CLOCK],
      useFactory: (database: WebhooksDatabase, machine: WebhookClock) => DatabaseClock.of(database, machine),
    },
    {
      provide: SecretSealer,
      inject: [WEBHOOKS_CONFIG],
      useFactory: ({ encryptionKeys }: WebhooksConfig) => new SecretSealer(encryptionKeys),
    },
    {
      provide: FilteredBodies,
      inject: [Representations, WEBHOOKS_CLOCK],
      useFactory: ({ versions }: Representations, clock: WebhookClock): FilteredBodies => ({
        read: (event, version) => versions.filteredBody(event, version, clock.now()),
      }),
    },
    EndpointFilters,
    WebhookEndpointRepository,
    WebhookEventRepository,
    WebhookDeliveryRepository,
    WebhookHealthRepository,
    LoggedDeliveries,
    WebhookLogRepository,
    WebhookSearchRepository,
    WebhookRecoveryRepository,
    WebhookResendRepository,
    WebhookStatsRepository,
    WebhookBacklogRepository,
    WebhookTenantRepository,
    WebhookMinuteRepository,
    WebhookAllEndpointsRepository,
    WebhookWorkerRepository,
    WebhookAlertRepository,
    WebhookPauseRepository,
    WebhookWorkRepository,
    WebhookJobRepository,
    WebhookTenantSettingsRepository,
    WebhookBulkRepository,
    WebhookErasureRepository,
    WebhookAuditRepository,
  ];
}

const usesRedis = ({ queue }: WebhooksStructure): boolean => queue === 'bull' || queue === 'bullmq';

/** Bull's and BullMQ's are of modules of their own, which need the identity from here. */
function queue(structure: WebhooksStructure): Provider[] {
  if (structure.queue === 'in-process') return [{ provide: WEBHOOKS_QUEUE, useClass: InProcessQueue }];
  if (usesRedis(structure)) return [identity(structure)];
  const notify: Provider = {
    provide: WEBHOOKS_QUEUE,
    inject: [getDataSourceToken(structure.dataSource), WebhooksDatabase, WEBHOOKS_DATABASE_IDENTITY],
    useFactory: (dataSource: DataSource, database: WebhooksDatabase, id: string) =>
      new NotifyQueue(dataSource, database, id),
  };
  return [identity(structure), notify];
}

/** For a queue that several databases' processes may share. */
const identity = ({ dataSource }: WebhooksStructure): Provider => ({
  provide: WEBHOOKS_DATABASE_IDENTITY,
  inject: [getDataSourceToken(dataSource)],
  useFactory: databaseIdentity,
});

/** Loaded only here: an app without Redis need not install Bull. */
async function bullQueueModule(
  worker: boolean,
): Promise<ReturnType<typeof import('./dispatch/bull/bull-queue.module.js').BullQueueModule.register>> {
  const { BullQueueModule } = await import('./dispatch/bull/bull-queue.module.js');
  return BullQueueModule.register(WEBHOOKS_OPTIONS, worker);
}

/** As for Bull. */
async function bullmqQueueModule(): Promise<
  ReturnType<typeof import('./dispatch/bullmq/bullmq-queue.module.js').BullmqQueueModule.register>
> {
  const { BullmqQueueModule } = await import('./dispatch/bullmq/bullmq-queue.module.js');
  return BullmqQueueModule.register(WEBHOOKS_OPTIONS);
}
