import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AttemptOutcome } from '../domain/outcome.js';
import { epochMs, id, integer, json, longText, nullable, text } from './column-types.js';

/** One HTTP request of a delivery, with its outcome. */
@Entity({ name: 'webhook_attempts', synchronize: false })
export class WebhookAttempt {
  @PrimaryColumn(id())
  id!: string;

  @PrimaryColumn(id('delivery_id'))
  deliveryId!: string;

  @Column(id('endpoint_id'))
  endpointId!: string;

  @Column(text('tenant', 255))
  tenant!: string;

  /** 1 for the first attempt of the delivery. */
  @Column(integer('number'))
  number!: number;

  @Column(text('outcome', 16))
  outcome!: AttemptOutcome;

  @Column(epochMs('started_at'))
  startedAt!: number;

  @Column(integer('duration_ms'))
  durationMs!: number;

  @Column(nullable(integer('status_code')))
  statusCode!: number | null;

  @Column(nullable(text('error_code', 32)))
  errorCode!: string | null;

  @Column(nullable(text('error_message', 500)))
  errorMessage!: string | null;

  @Column(json('request_headers'))
  requestHeaders!: Record<string, string>;

  @Column(nullable(json('response_headers')))
  responseHeaders!: Record<string, string> | null;

  /** The start of the response body. */
  @Column(nullable(longText('response_body')))
  responseBody!: string | null;
}
