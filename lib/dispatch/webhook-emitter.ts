import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Lease } from '../domain/lease.js';
import type { OwnShare } from '../domain/fan-out.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import {
  WEBHOOKS_CATALOGUE,
  WEBHOOKS_CLOCK,
  WEBHOOKS_CONFIG,
  WEBHOOKS_INSTANCE,
  WEBHOOKS_STRUCTURE,
} from '../config/tokens.js';
import { isEntityManager } from '../compat/typeorm.js';
import type { EmitWebhookOptions, WebhooksTransaction } from '../config/webhook-event-options.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import type { WebhookClock } from '../domain/clock.js';
import type { NewEvent } from '../domain/delivery.js';
import { EMIT, type EmitMessage } from '../domain/diagnostics.js';
import { inOwnContext } from '../domain/own-context.js';
import { validTraceparent } from '../domain/traceparent.js';
import { Batcher } from '../persistence/batcher.js';
import { compareAndSet } from '../persistence/compare-and-set.js';
import { WebhooksDatabaseBusyError } from '../persistence/sql/database-busy.error.js';
import { WebhooksTransactionUnusableError } from '../persistence/sql/callers.executor.js';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import { WebhookEventRepository } from '../persistence/webhook-event.repository.js';
import { AmbientTransaction, WebhookTransactionEndedError } from './ambient-transaction.js';
import { AppStart } from './app-start.js';
import { CommitSubscriber } from './commit.subscriber.js';
import { newestOf } from '../config/version-options.js';
import { checkEmitOptions } from './emit-rules.js';
import { newEvent } from './new-event.js';
import { OwnWork } from './own-work.js';
import { UnnamedTenant } from './unnamed-tenant.js';
import { ROWS_AT_ONCE } from '../domain/claim.js';
import { WebhookNotStoredError } from './webhook-not-stored.error.js';

/** A transaction that an emit joins. */
type Joined = EntityManager | WebhooksTransaction;

const GROUPS = {
  items: ROWS_AT_ONCE,
  besideFrom: 10,
  weight: { of: (event: NewEvent) => event.body.length, max: 2_000_000 },
};

/**
 * Turns a call into the rows of an event and its deliveries. This process keeps as many deliveries as it has room for,
 * and sends them as soon as they are committed. For the others it wakes a worker.
 */
@Injectable()
export class WebhookEmitter {
  private readonly groups: Batcher<NewEvent, boolean>;
  /**
   * Events with an idempotency key have a batcher of their own: they may wait for a transaction that has stored the
   * same key.
   */
  private readonly keyed: Batcher<NewEvent, boolean>;
  /** The leases under which an event may have been stored. */
  private readonly leases = new WeakMap<NewEvent, readonly Lease[]>();
  private readonly lookUps = new Map<string, Promise<NewEvent | undefined>>();

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(WebhookEventRepository) private readonly events: WebhookEventRepository,
    @Inject(OwnWork) private readonly ownWork: OwnWork,
    @Inject(CommitSubscriber) private readonly commits: CommitSubscriber,
    @Inject(AmbientTransaction) private readonly transactions: AmbientTransaction,
    @Inject(UnnamedTenant) private readonly unnamedTenant: UnnamedTenant,
    @Inject(AppStart) private readonly appStart: AppStart,
    @Inject(WEBHOOKS_INSTANCE) private readonly instance: string,
  ) {
    const limits = { ...GROUPS, parallel: database.parallelGroups };
    this.groups = new Batcher((group) => this.storeAndSend(group), limits);
    this.keyed = new Batcher((group) => this.storeAndSend(group), limits);
  }

  /** Resolves with the event, or with the earlier one of its idempotency key. */
  emit(type: string, data: unknown, options: EmitWebhookOptions = {}): Promise<NewEvent> {
    return EMIT.hasSubscribers ? this.emitTold(type, data, options) : this.emitOne(type, data, options);
  }

  /** Emits, and reports it on the diagnostics channel. */
  private async emitTold(type: string, data: unknown, options: EmitWebhookOptions): Promise<NewEvent> {
    const message: EmitMessage = {
      instance: this.instance,
      eventType: String(type),
      tenant: String(options?.tenant ?? ''),
      traceparent: null,
      eventId: null,
      duplicate: false,
    };
    let emitted: NewEvent | undefined;
    await EMIT.tracePromise(async () => {
      emitted = await this.emitOne(type, data, options, message);
    }, message);
    return emitted!;
  }

  private async emitOne(
    type: string,
    data: unknown,
    options: EmitWebhookOptions,
    message?: EmitMessage,
  ): Promise<NewEvent> {
    const tenants = this.structure.tenants === true;
    const { dialect } = this.database;
    checkEmitOptions(type, options, { tenants, dialect, owns: (manager) => this.database.owns(manager) });
    const joined = this.transactions.joinedBy(type, options);
    const { catalogue, config } = this;
    const traceparent = message ? validTraceparent(message.traceparent) : null;
    const rules = {
      catalogue,
      bodyBytes: config.limits.bodyBytes,
      traceparent,
      version: newestOf(config.versions),
    };
    const event = await newEvent(type, data, options, this.clock.now(), rules);
    await this.unnamedTenant.check(type, options.tenant, isEntityManager(joined) ? joined : undefined);
    const emitted = await this.storeOnce(event, joined);
    this.appStart.emitted(type);
    if (message) Object.assign(message, { eventId: emitted.id, duplicate: emitted.id !== event.id });
    return emitted;
  }

  /**
   * Resolves with the event, or with the earlier one of its idempotency key. That one may be deleted before it is
   * found.
   * @throws WebhookNotStoredError
   */
  private async storeOnce(event: NewEvent, joined: Joined | undefined): Promise<NewEvent> {
    const stored = await compareAndSet(() => this.storeOrFind(event, joined));
    if (!stored) throw new WebhookNotStoredError(event.type);
    return stored;
  }

  private async storeOrFind(event: NewEvent, joined: Joined | undefined): Promise<NewEvent | undefined> {
    const groups = event.idempotencyKey === null ? this.groups : this.keyed;
    const isNew = joined ? await this.storeIn(joined, event) : await groups.add(event);
    if (isNew) return event;
    // Outside the group: the group is committed, and must not run again because one look-up fails.
    const stored = await this.findByKey(event, joined);
    // It is this event: the connection was cut after the commit, and the group ran again.
    if (stored?.id === event.id) await this.sendStored(event);
    return stored;
  }

  /** Looks up all events of one key together, since each look-up may wait on a connection of its own. */
  private findByKey(event: NewEvent, joined: Joined | undefined): Promise<NewEvent | undefined> {
    if (joined) return this.events.findByKey(event, joined);
    const key = JSON.stringify([event.tenant, event.idempotencyKey]);
    const running = this.lookUps.get(key);
    if (running) return running;
    const lookUp = inOwnContext(() => this.events.findByKey(event)).finally(() => this.lookUps.delete(key));
    this.lookUps.set(key, lookUp);
    return lookUp;
  }

  private async storeAndSend(events: readonly NewEvent[]): Promise<boolean[]> {
    const stored = new Set<string>();
    for (const group of this.byRoom(events)) {
      for (const id of await this.storeGroup(group)) stored.add(id);
    }
    return events.map((event) => stored.has(event.id));
  }

  /** Splits events by whether this process has room for their tenant. Mostly there is one group. */
  private byRoom(events: readonly NewEvent[]): NewEvent[][] {
    const groups: [NewEvent[], NewEvent[]] = [[], []];
    for (const event of events) groups[this.ownWork.hasRoom(event.tenant) ? 0 : 1].push(event);
    return groups.filter((group) => group.length > 0);
  }

  /** Resolves with the ids of the stored events. */
  private async storeGroup(events: readonly NewEvent[]): Promise<Iterable<string>> {
    const own = this.ownShare(events);
    const seenAt = performance.now();
    try {
      const fanOut = await this.events.store(events, own);
      this.ownWork.send(events, own, fanOut, seenAt);
      return fanOut.events.keys();
    } catch (error) {
      const [event] = events;
      const hasRun = !(error instanceof WebhooksDatabaseBusyError);
      // The connection may have been cut after the commit. Then the events of the group come here again, one by one.
      const isStored = async (): Promise<boolean> => this.events.has(event!.id).catch(() => false);
      if (!hasRun || events.length > 1 || !(await isStored())) throw error;
      await this.sendStored(event!);
      return [event!.id];
    }
  }

  private storeIn(joined: Joined, event: NewEvent): Promise<boolean> {
    return isEntityManager(joined)
      ? this.storeInTransaction(event, joined)
      : this.storeInCallers(event, joined);
  }

  /**
   * Stores an event in a transaction whose commit we don't learn of. So this process keeps nothing, and everything is
   * due at once.
   */
  private async storeInCallers(event: NewEvent, transaction: WebhooksTransaction): Promise<boolean> {
    const { events } = await this.events.store([event], null, transaction);
    if (events.has(event.id)) return true;
    if (event.idempotencyKey !== null) return false;
    throw new WebhooksTransactionUnusableError(
      'has a query that gave no rows where there are some: it must give them by the names of their columns, as they are.',
    );
  }

  private async storeInTransaction(event: NewEvent, manager: EntityManager): Promise<boolean> {
    if (!manager.queryRunner?.isTransactionActive) throw new WebhookTransactionEndedError(event.type);
    const { events } = await this.events.store([event], this.ownShare([event]), manager);
    const stored = events.get(event.id);
    if (!stored) return false;
    this.commits.afterCommit(manager.queryRunner, () => {
      // A savepoint may have been rolled back since, so load the deliveries before sending.
      if (stored.own.length > 0) void this.sendHeld(event);
      if (stored.hasMore) this.ownWork.wake();
    });
    return true;
  }

  private async sendHeld(event: NewEvent): Promise<void> {
    for (const lease of this.leases.get(event) ?? []) await this.ownWork.sendHeld(event.id, lease);
  }

  /** Sends an event that was stored, although we don't know how many of its deliveries were. */
  private async sendStored(event: NewEvent): Promise<void> {
    await this.sendHeld(event);
    this.ownWork.wake();
  }

  /** Makes workers look for due deliveries. */
  wake(): void {
    this.ownWork.wake();
  }

  private ownShare(events: readonly NewEvent[]): OwnShare | null {
    const own = this.ownWork.share(events[0]!.tenant);
    if (own)
      for (const event of events) this.leases.set(event, [...(this.leases.get(event) ?? []), own.lease]);
    return own;
  }
}
