import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMs, id, json, longText, nullable, text } from './column-types.js';

/** Long work over many rows that an operator has started. */
@Entity({ name: 'webhook_jobs', synchronize: false })
export class WebhookJob {
  @PrimaryColumn(id())
  id!: string;

  @Column(text('kind', 16))
  kind!: string;

  @Column(json('request'))
  request!: object;

  @Column(text('status', 16))
  status!: string;

  @Column(nullable(json('progress')))
  progress!: object | null;

  @Column(nullable(epochMs('total')))
  total!: number | null;

  @Column(epochMs('done'))
  done!: number;

  @Column(epochMs('failed'))
  failed!: number;

  @Column(nullable(json('receipt')))
  receipt!: object | null;

  @Column(nullable(longText('problem')))
  problem!: string | null;

  @Column(nullable(text('actor', 255)))
  actor!: string | null;

  @Column(nullable(text('lease_token', 40)))
  leaseToken!: string | null;

  /** When a worker may claim the next batch. Leases and the pace of the job set it. */
  @Column(epochMs('next_run_at'))
  nextRunAt!: number;

  @Column(epochMs('created_at'))
  createdAt!: number;

  @Column(epochMs('updated_at'))
  updatedAt!: number;

  @Column(nullable(epochMs('finished_at')))
  finishedAt!: number | null;
}
