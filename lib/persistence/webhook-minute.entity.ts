import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs, integer, nullable } from './column-types.js';

/** What was due at a minute, over all tenants, and how many attempts were recorded within it, without tests. One of the workers writes it. */
@Entity({ name: 'webhook_minutes', synchronize: false })
export class WebhookMinute {
  /** Its start, in epoch ms. */
  @PrimaryColumn(epochMs('minute'))
  minute!: number;

  /** Up to `MOST_COUNTED`. */
  @Column(integer('due'))
  due!: number;

  /** Since when what had waited for the longest was due; `null` where nothing was. */
  @Column(nullable(epochMs('oldest_due_at')))
  oldestDueAt!: number | null;

  @Column(integer('succeeded'))
  succeeded!: number;

  @Column(integer('retrying'))
  retrying!: number;

  @Column(integer('failed'))
  failed!: number;
}
