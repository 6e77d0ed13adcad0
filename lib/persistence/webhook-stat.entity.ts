import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AttemptOutcome } from '../domain/outcome.js';
import { epochMs, id, integer, text } from './column-types.js';

/**
 * Number of attempts of an endpoint, without tests, that began within one hour, had the same outcome and took about as
 * long. Counted when they are recorded, so that charts don't read the attempts themselves.
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

  /** Index into `LATENCY_BOUNDS_MS`. */
  @PrimaryColumn(integer('bin'))
  bin!: number;

  /** Spreads the counts over several rows, so that processes seldom wait for each other. */
  @PrimaryColumn(integer('writer'))
  writer!: number;

  @Column(text('tenant', 255))
  tenant!: string;

  @Column(integer('attempts'))
  attempts!: number;
}
