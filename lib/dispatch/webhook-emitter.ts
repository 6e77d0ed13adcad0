import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EventCatalogue } from '../config/event-catalogue.js';
import {
  WEBHOOKS_CATALOGUE,
  WEBHOOKS_CLOCK,
  WEBHOOKS_CONFIG,
  WEBHOOKS_QUEUE,
  WEBHOOKS_STRUCTURE,
} from '../config/tokens.js';
import type { EmitWebhookOptions } from '../config/webhook-event-options.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { WebhookClock } from '../domain/clock.js';
import { deliveryIdsOf } from '../domain/id.js';
import { inOwnContext } from '../domain/own-context.js';
import { Batcher } from '../persistence/batcher.js';
import { compareAndSet } from '../persistence/compare-and-set.js';
import type { Lease, NewEvent } from '../persistence/sql/delivery-statements.js';
import { WebhooksDatabaseBusyError } from '../persistence/sql/database-busy.error.js';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { WebhookEventRepository } from '../persistence/webhook-event.repository.js';
import { AmbientTransaction, WebhookTransactionEndedError } from './ambient-transaction.js';
import { AppStart } from './app-start.js';
import { CommitSubscriber } from './commit.subscriber.js';
import { DeliveryPusher } from './delivery-pusher.js';
import { checkEmitOptions } from './emit-rules.js';
import { LeaseIssuer } from './lease-issuer.js';
import { newEvent } from './new-event.js';
import { RelayService } from './relay.service.js';
import { ROOM_FOR_SMALL_SHARES, TenantShares } from './tenant-shares.js';
import { UnnamedTenant } from './unnamed-tenant.js';
import { WebhookNotStoredError } from './webhook-not-stored.error.js';
import type { WebhookQueue } from './webhook-queue.js';

const GROUPS = {
  items: 200,
  besideFrom: 10,
  weight: { of: (event: NewEvent) => event.body.length, max: 2_000_000 },
};

/** An event that was emitted, or that its idempotency key had stored before. */
export interface EmittedWebhookEvent {
  readonly id: string;
  readonly type: string;
  readonly tenant: string;
  /** Epoch ms. */
  readonly createdAt: number;
  /** The bytes that every endpoint receives. */
  readonly body: string;
}

/** Turns a call into an event row and its delivery rows, and pushes those as soon as they are committed. */
@Injectable()
export class WebhookEmitter {
  private readonly shares = new TenantShares();
  private readonly groups: Batcher<NewEvent, boolean>;
  /** With an idempotency key, an event may wait for a transaction that has stored the same; only its like wait with it. */
  private readonly keyed: Batcher<NewEvent, boolean>;
  private readonly lookUps = new Map<string, Promise<NewEvent | undefined>>();

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(WebhookEventRepository) private readonly events: WebhookEventRepository,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
    @Inject(LeaseIssuer) private readonly leases: LeaseIssuer,
    @Inject(DeliveryPusher) private readonly pusher: DeliveryPusher,
    @Inject(RelayService) private readonly relay: RelayService,
    @Inject(CommitSubscriber) private readonly commits: CommitSubscriber,
    @Inject(AmbientTransaction) private readonly transactions: AmbientTransaction,
    @Inject(UnnamedTenant) private readonly unnamedTenant: UnnamedTenant,
    @Inject(AppStart) private readonly appStart: AppStart,
  ) {
    const limits = { ...GROUPS, parallel: database.parallelGroups };
    this.groups = new Batcher((group) => this.storeAndPush(group), limits);
    this.keyed = new Batcher((group) => this.storeAndPush(group), limits);
  }

  async emit(type: string, data: unknown, options: EmitWebhookOptions = {}): Promise<EmittedWebhookEvent> {
    const tenants = this.structure.tenants === true;
    checkEmitOptions(type, options, { tenants, owns: (manager) => this.database.owns(manager) });
    const manager = this.transactions.managerOf(type, options.manager);
    const { catalogue, config } = this;
    const rules = { catalogue, bodyBytes: config.limits.bodyBytes };
    const event = await newEvent(type, data, options, this.clock.now(), rules);
    await this.unnamedTenant.check(type, options.tenant, manager);
    const { idempotencyKey: _, ...emitted } = await this.storeOnce(event, manager);
    this.appStart.emitted(type);
    return emitted;
  }

  /**
   * Gives the event, or the one that its idempotency key had stored before. That one may be gone before it is found.
   * @throws WebhookNotStoredError
   */
  private async storeOnce(event: NewEvent, manager: EntityManager | undefined): Promise<NewEvent> {
    const stored = await compareAndSet(() => this.storeOrFind(event, manager));
    if (!stored) throw new WebhookNotStoredError(event.type);
    return stored;
  }

  private async storeOrFind(
    event: NewEvent,
    manager: EntityManager | undefined,
  ): Promise<NewEvent | undefined> {
    const groups = event.idempotencyKey === null ? this.groups : this.keyed;
    const isNew = manager ? await this.storeInTransaction(event, manager) : await groups.add(event);
    if (isNew) return event;
    // Apart from the group: it is committed, and must not run again because one look-up fails.
    const stored = await this.findByKey(event, manager);
    // Its own: the connection was cut after the commit, and it was run again.
    if (stored?.id === event.id) await this.pushStored(event);
    return stored;
  }

  /** Those with one key look for it together: each look-up may wait on a connection of its own. */
  private findByKey(event: NewEvent, manager: EntityManager | undefined): Promise<NewEvent | undefined> {
    if (manager) return this.events.findByKey(event, manager);
    const key = JSON.stringify([event.tenant, event.idempotencyKey]);
    const running = this.lookUps.get(key);
    if (running) return running;
    const lookUp = inOwnContext(() => this.events.findByKey(event)).finally(() => this.lookUps.delete(key));
    this.lookUps.set(key, lookUp);
    return lookUp;
  }

  private async storeAndPush(events: readonly NewEvent[]): Promise<boolean[]> {
    const stored = new Set<string>();
    for (const [lease, group] of this.byLease(events)) {
      for (const id of await this.storeGroup(group, lease)) stored.add(id);
    }
    return events.map((event) => stored.has(event.id));
  }

  /** Mostly one lease for all: there are two only where the queue has room for some of the tenants. */
  private byLease(events: readonly NewEvent[]): Map<Lease | null, NewEvent[]> {
    const groups = new Map<Lease | null, NewEvent[]>();
    for (const event of events) {
      const lease = this.newLease(event);
      const group = groups.get(lease);
      if (group) group.push(event);
      else groups.set(lease, [event]);
    }
    return groups;
  }

  /** Gives the ids of those that are stored. */
  private async storeGroup(events: readonly NewEvent[], lease: Lease | null): Promise<Iterable<string>> {
    const isSentHere = lease !== null && this.structure.worker;
    const at = performance.now();
    try {
      const { endpointIds, endpoints } = await this.events.store(events, lease, {
        withEndpoints: isSentHere,
      });
      for (const event of events) {
        const ids = endpointIds.get(event.id);
        if (ids && isSentHere) this.deliveries.stored(event, lease, ids, { endpoints, at });
        this.push(event, lease, ids);
      }
      return endpointIds.keys();
    } catch (error) {
      const [event] = events;
      const hasRun = !(error instanceof WebhooksDatabaseBusyError);
      // The connection may have been cut after the commit. The events of a group come here again, one by one.
      if (hasRun && events.length === 1 && (await this.pushStored(event!))) return [event!.id];
      throw error;
    }
  }

  /** False where the event is not stored, or nobody can tell. */
  private async pushStored({ id }: NewEvent): Promise<boolean> {
    const stored = await this.events.findLeased(id).catch(() => undefined);
    for (const { lease, deliveryIds } of stored ?? []) this.pusher.push(lease, deliveryIds);
    return stored !== undefined;
  }

  private async storeInTransaction(event: NewEvent, manager: EntityManager): Promise<boolean> {
    if (!manager.queryRunner?.isTransactionActive) throw new WebhookTransactionEndedError(event.type);
    const lease = this.newLease(event);
    const { endpointIds } = await this.events.store([event], lease, { manager });
    // A savepoint may have been rolled back since: what is pushed here must be loaded.
    this.commits.afterCommit(manager.queryRunner, () => this.push(event, lease, endpointIds.get(event.id)));
    return endpointIds.has(event.id);
  }

  /** Without room in the queue the rows are left to the relay, which feeds it at the pace it has room. */
  private newLease({ tenant }: NewEvent): Lease | null {
    const reserved = this.shares.isLarge(tenant, this.clock.now()) ? ROOM_FOR_SMALL_SHARES : 0;
    return this.queue.hasRoom(reserved) ? this.leases.forNewRows() : null;
  }

  private push(event: NewEvent, lease: Lease | null, endpointIds: readonly string[] = []): void {
    if (endpointIds.length === 0) return;
    this.shares.add(event.tenant, endpointIds.length, this.clock.now());
    if (!lease) {
      this.relay.backlogged();
      return;
    }
    this.pusher.push(lease, deliveryIdsOf(event.id, endpointIds.length));
  }
}
