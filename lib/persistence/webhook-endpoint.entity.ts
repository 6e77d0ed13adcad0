import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ShownAuthorization } from '../domain/authorization.js';
import type { ShownCertificate } from '../domain/client-certificate.js';
import type { WebhookFilter } from '../domain/endpoint-filter.js';
import type { RepresentationChoice } from '../domain/representation/choice.js';
import {
  choice,
  epochMs,
  flag,
  id,
  integer,
  json,
  longText,
  nullable,
  patterns,
  text,
} from './column-types.js';

const DISABLED_REASONS = ['failing', 'gone', 'operator'] as const;
/** Why an endpoint was turned off: it failed for `disableAfter`, answered 410 Gone, or an operator did it. */
export type WebhookDisabledReason = (typeof DISABLED_REASONS)[number];

/**
 * A registered webhook of a tenant. `synchronize` is off for all of our entities: their schema has one source, the
 * shipped migrations, which know the column types of each database.
 */
@Entity({ name: 'webhook_endpoints', synchronize: false })
export class WebhookEndpoint {
  @PrimaryColumn(id())
  id!: string;

  @Column(text('tenant', 255))
  tenant!: string;

  @Column(text('name', 255))
  name!: string;

  @Column(text('url', 2048))
  url!: string;

  @Column(nullable(longText('description')))
  description!: string | null;

  /** Event types, `group.*` or `*`. */
  @Column(patterns('event_types'))
  events!: string[];

  @Column(flag('active'))
  active!: boolean;

  @Column(nullable(text('disabled_reason', 32)))
  disabledReason!: WebhookDisabledReason | null;

  @Column(nullable(epochMs('disabled_at')))
  disabledAt!: number | null;

  /** The endpoint's own headers. */
  @Column(json('headers'))
  headers!: Record<string, string>;

  /** Requests per second from all workers together; `null`: no limit. */
  @Column(nullable(integer('rate_limit')))
  rateLimit!: number | null;

  /** Requests at once from each worker; `null`: no limit of its own. */
  @Column(nullable(integer('concurrency')))
  concurrency!: number | null;

  /** Which events of its types it gets; `null`: all. */
  @Column(nullable(json('filter')))
  filter!: WebhookFilter | null;

  /** When the next request may start under the rate limit. */
  @Column(epochMs('next_slot_at'))
  nextSlotAt!: number;

  /**
   * The secrets as JSON, sealed if the app has encryption keys. Read only if it is selected by name, so that no
   * endpoint carries them into an answer or a log.
   */
  @Column({ ...longText('secrets'), select: false })
  secrets?: string;

  /** Since when every attempt has failed; `null`: the last one succeeded. */
  @Column(nullable(epochMs('failing_since')))
  failingSince!: number | null;

  /** The form of its events; `null`: the event's own body. */
  @Column(nullable(choice('representation')))
  representation!: RepresentationChoice | null;

  /** When the app was told that it is failing; `null`: the app was not told. */
  @Column(nullable(epochMs('failing_told_at')))
  failingToldAt!: number | null;

  /**
   * Nothing is sent before this time: the endpoint has asked for it with `Retry-After`. While it is disabled: when it
   * is probed next.
   */
  @Column(nullable(epochMs('deferred_until')))
  deferredUntil!: number | null;

  /** The part of its authorization that is shown. */
  @Column(nullable(json('authorization_hint')))
  authorization!: ShownAuthorization | null;

  /** The authorization as JSON, sealed as `secrets` are, and read as seldom. */
  @Column(nullable({ ...longText('authorization_secret'), select: false }))
  authorizationSecret?: string | null;

  /** The part of its client certificate that is shown. */
  @Column(nullable(json('certificate_hint')))
  clientCertificate!: ShownCertificate | null;

  /** The certificate and its key as JSON, sealed and read as `secrets` are. */
  @Column(nullable({ ...longText('certificate_secret'), select: false }))
  certificateSecret?: string | null;

  /** The version of the app's events that it is kept at; `null`: the oldest. */
  @Column(nullable(text('version', 10)))
  version!: string | null;

  /** What an operator told its owner when it was disabled. */
  @Column(nullable(longText('disabled_note')))
  disabledNote!: string | null;

  @Column(epochMs('created_at'))
  createdAt!: number;

  @Column(epochMs('updated_at'))
  updatedAt!: number;
}
