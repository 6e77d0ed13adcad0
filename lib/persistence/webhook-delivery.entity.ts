import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookDeliveryStatus } from '../domain/delivery.js';
import { epochMs, flag, id, integer, longText, nullable, text } from './column-types.js';

export { WEBHOOK_DELIVERY_STATUSES, type WebhookDeliveryStatus } from '../domain/delivery.js';

/** One event to one endpoint; the pair is unique. The row also holds the schedule. */
@Entity({ name: 'webhook_deliveries', synchronize: false })
export class WebhookDelivery {
  @PrimaryColumn(id())
  id!: string;

  @Column(id('event_id'))
  eventId!: string;

  @Column(id('endpoint_id'))
  endpointId!: string;

  @Column(text('tenant', 255))
  tenant!: string;

  @Column(text('event_type', 128))
  eventType!: string;

  @Column(text('status', 16))
  status!: WebhookDeliveryStatus;

  /** All attempts so far. */
  @Column(integer('attempt_count'))
  attemptCount!: number;

  /** Attempts of the current retry schedule. It begins again when the delivery is recovered. */
  @Column(integer('schedule_attempts'))
  scheduleAttempts!: number;

  /** The first attempt of the current retry schedule. Its offsets count from here. */
  @Column(nullable(epochMs('first_attempt_at')))
  firstAttemptAt!: number | null;

  /** When a worker may claim it. During a lease, the end of the lease. `null` once the delivery is final. */
  @Column(nullable(epochMs('next_attempt_at')))
  nextAttemptAt!: number | null;

  /** The token of the lease: its holder may record an outcome. */
  @Column(nullable(text('lease_token', 40)))
  leaseToken!: string | null;

  /** The next attempt is a single one outside the schedule: a test, or a resend. */
  @Column(flag('single'))
  single!: boolean;

  @Column(flag('test'))
  test!: boolean;

  /** Of the last attempt. */
  @Column(nullable(integer('status_code')))
  statusCode!: number | null;

  /** Of the last attempt: why there was no response; or why the delivery was canceled. */
  @Column(nullable(text('error_code', 32)))
  errorCode!: string | null;

  /** The body that is sent instead of the event's: see `frozenBodyOf`. Read only if it is selected by name. */
  @Column({ ...nullable(longText('frozen_body')), select: false })
  frozenBody?: string | null;

  @Column(epochMs('created_at'))
  createdAt!: number;

  @Column(nullable(epochMs('completed_at')))
  completedAt!: number | null;
}
