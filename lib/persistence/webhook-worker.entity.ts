import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs, id, text } from './column-types.js';

/** A process that delivers, with its heartbeat. */
@Entity({ name: 'webhook_workers', synchronize: false })
export class WebhookWorkerRow {
  @PrimaryColumn(id())
  id!: string;

  /** Host and process id. */
  @Column(text('name', 255))
  name!: string;

  @Column(epochMs('started_at'))
  startedAt!: number;

  @Column(epochMs('seen_at'))
  seenAt!: number;
}
