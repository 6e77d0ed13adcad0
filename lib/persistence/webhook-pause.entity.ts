import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PauseScope } from '../domain/pauses.js';
import { epochMs, id, longText, nullable, text } from './column-types.js';

/** Stops sending to its target until somebody ends it. */
@Entity({ name: 'webhook_pauses', synchronize: false })
export class WebhookPause {
  @PrimaryColumn(id())
  id!: string;

  @Column(text('scope', 16))
  scope!: PauseScope;

  /** The paused tenant, or that of the endpoint; `''` if everything is paused. */
  @Column(text('tenant', 255))
  tenant!: string;

  /** `''` unless it covers one endpoint. */
  @Column(id('endpoint_id'))
  endpointId!: string;

  @Column(nullable(longText('reason')))
  reason!: string | null;

  @Column(nullable(text('actor', 255)))
  actor!: string | null;

  @Column(epochMs('created_at'))
  createdAt!: number;
}
