import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs, integer, nullable } from './column-types.js';

/**
 * What was due at a minute, over all tenants, and the attempts recorded within it, without tests. One worker inserts
 * it.
 */
@Entity({ name: 'webhook_minutes', synchronize: false })
export class WebhookMinute {
  /** The start of the minute, in epoch ms. */
  @PrimaryColumn(epochMs('minute'))
  minute!: number;

  /** Up to `MOST_COUNTED`. */
  @Column(integer('due'))
  due!: number;

  /** When the oldest due delivery became due; `null` if nothing was due. */
  @Column(nullable(epochMs('oldest_due_at')))
  oldestDueAt!: number | null;

  @Column(integer('succeeded'))
  succeeded!: number;

  @Column(integer('retrying'))
  retrying!: number;

  @Column(integer('failed'))
  failed!: number;
}
