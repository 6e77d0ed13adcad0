import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PauseScope } from '../domain/pauses.js';
import { epochMs, id, longText, nullable, text } from './column-types.js';

/** Nothing is sent to what it covers, until somebody ends it. */
@Entity({ name: 'webhook_pauses', synchronize: false })
export class WebhookPause {
  @PrimaryColumn(id())
  id!: string;

  @Column(text('scope', 16))
  scope!: PauseScope;

  /** Of the tenant or the endpoint; `''` where everything is paused. */
  @Column(text('tenant', 255))
  tenant!: string;

  /** `''` where it is not of one endpoint. */
  @Column(id('endpoint_id'))
  endpointId!: string;

  @Column(nullable(longText('reason')))
  reason!: string | null;

  @Column(nullable(text('actor', 255)))
  actor!: string | null;

  @Column(epochMs('created_at'))
  createdAt!: number;
}
