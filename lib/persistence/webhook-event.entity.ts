import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs, flag, id, longText, nullable, text } from './column-types.js';

/** One event, with the exact bytes that every endpoint receives. */
@Entity({ name: 'webhook_events', synchronize: false })
export class WebhookEvent {
  @PrimaryColumn(id())
  id!: string;

  @Column(text('tenant', 255))
  tenant!: string;

  @Column(text('type', 128))
  type!: string;

  @Column(longText('body'))
  body!: string;

  /** Unique within the tenant. */
  @Column(nullable(text('idempotency_key', 255)))
  idempotencyKey!: string | null;

  /** Created by the test route, for one endpoint. */
  @Column(flag('test'))
  test!: boolean;

  /** W3C trace context of the emit, if it was traced. */
  @Column(nullable(text('traceparent', 55)))
  traceparent!: string | null;

  /** The newest version of the app's events at the emit; `null`: there were no versions. */
  @Column(nullable(text('version', 10)))
  version!: string | null;

  @Column(epochMs('created_at'))
  createdAt!: number;
}
