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
import { deliveryIdsOf, newId } from '../domain/id.js';
import { serialiseBody } from '../domain/json-body.js';
import { Batcher } from '../persistence/batcher.js';
import type { Lease, NewEvent } from '../persistence/sql/delivery-statements.js';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import { WebhookEventRepository } from '../persistence/webhook-event.repository.js';
import { CommitSubscriber } from './commit.subscriber.js';
import { DeliveryPusher } from './delivery-pusher.js';
import { checkEmitOptions, WebhookBodyTooLargeError } from './emit-rules.js';
import { LeaseIssuer } from './lease-issuer.js';
import { RelayService } from './relay.service.js';
import type { WebhookQueue } from './webhook-queue.js';

const GROUPS = {
  items: 200,
  parallel: 2,
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
  private readonly groups = new Batcher<NewEvent, boolean>((events) => this.storeAndPush(events), GROUPS);

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(WebhookEventRepository) private readonly events: WebhookEventRepository,
    @Inject(LeaseIssuer) private readonly leases: LeaseIssuer,
    @Inject(DeliveryPusher) private readonly pusher: DeliveryPusher,
    @Inject(RelayService) private readonly relay: RelayService,
    @Inject(CommitSubscriber) private readonly commits: CommitSubscriber,
  ) {}

  async emit(type: string, data: unknown, options: EmitWebhookOptions = {}): Promise<EmittedWebhookEvent> {
    const tenants = Boolean(this.structure.api && this.structure.api.tenant);
    checkEmitOptions(type, options, { tenants, dataSource: this.database.dataSource });
    const event = await this.newEvent(type, data, options);
    const manager = options.manager?.queryRunner?.isTransactionActive ? options.manager : undefined;
    const { idempotencyKey: _, ...emitted } = await this.storeOnce(event, manager);
    return emitted;
  }

  private async newEvent(type: string, data: unknown, options: EmitWebhookOptions): Promise<NewEvent> {
    const createdAt = this.clock.now();
    const id = newId('evt', createdAt);
    // An unknown type is the first thing to tell, so it is looked up before the data is.
    this.catalogue.mustHave(type);
    const serialised = serialiseBody({ id, type, createdAt, data });
    await this.catalogue.check(type, serialised.data);
    const bytes = Buffer.byteLength(serialised.body);
    if (bytes > this.config.limits.bodyBytes) {
      throw new WebhookBodyTooLargeError(type, bytes, this.config.limits.bodyBytes);
    }
    const { tenant = '', idempotencyKey = null } = options;
    return { id, tenant, type, body: serialised.body, idempotencyKey, createdAt };
  }

  /** Gives the event, or the one that its idempotency key had stored before. */
  private async storeOnce(event: NewEvent, manager: EntityManager | undefined): Promise<NewEvent> {
    const isNew = manager ? await this.storeInTransaction(event, manager) : await this.groups.add(event);
    if (isNew) return event;
    // Apart from the group: it is committed, and must not run again because one look-up fails.
    return (await this.events.findByKey(event, manager)) ?? this.storeOnce(event, manager);
  }

  private async storeAndPush(events: readonly NewEvent[]): Promise<boolean[]> {
    const lease = this.newLease();
    const counts = await this.events.store(events, lease);
    for (const event of events) this.push(event, lease, counts.get(event.id));
    return events.map((event) => counts.has(event.id));
  }

  private async storeInTransaction(event: NewEvent, manager: EntityManager): Promise<boolean> {
    const lease = this.newLease();
    const counts = await this.events.store([event], lease, manager);
    this.commits.afterCommit(manager.queryRunner!, () => this.push(event, lease, counts.get(event.id)));
    return counts.has(event.id);
  }

  /** Without room in the queue the rows are left to the relay, which feeds it at the pace it has room. */
  private newLease(): Lease | null {
    return this.queue.hasRoom ? this.leases.forNewRows() : null;
  }

  private push(event: NewEvent, lease: Lease | null, deliveries = 0): void {
    if (lease) this.pusher.push(lease.token, deliveryIdsOf(event.id, deliveries));
    else if (deliveries > 0) this.relay.backlogged();
  }
}
