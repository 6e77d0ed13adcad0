import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AttemptOutcome } from '../domain/outcome.js';
import { epochMs, id, integer, text } from './column-types.js';

/**
 * How many attempts of an endpoint, without those of tests, began within an hour, had one outcome and took about as
 * long. Counted where they are recorded, so that no chart reads the attempts themselves.
 */
@Entity({ name: 'webhook_stats', synchronize: false })
export class WebhookStat {
  @PrimaryColumn(id('endpoint_id'))
  endpointId!: string;

  /** The start of the hour, in epoch ms. */
  @PrimaryColumn(epochMs('hour'))
  hour!: number;

  @PrimaryColumn(text('outcome', 16))
  outcome!: AttemptOutcome;

  /** Of `LATENCY_BOUNDS_MS`. */
  @PrimaryColumn(integer('bin'))
  bin!: number;

  /** Processes that count the same attempts seldom share a row, and so seldom wait for each other. */
  @PrimaryColumn(integer('writer'))
  writer!: number;

  @Column(text('tenant', 255))
  tenant!: string;

  @Column(integer('attempts'))
  attempts!: number;
}
