import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookActor } from '../domain/actor.js';
import type { AuditSubject, WebhookActName } from '../domain/audit.js';
import { epochMs, id, json, nullable, text } from './column-types.js';

/** One recorded act: who did it and what it changed. Contains no secrets. */
@Entity({ name: 'webhook_audit', synchronize: false })
export class WebhookAuditRow {
  @PrimaryColumn(id())
  id!: string;

  /** The tenant of the webhooks; `''` also for an act on all tenants. */
  @Column(text('tenant', 255))
  tenant!: string;

  /** The endpoint it concerns. */
  @Column(nullable(id('endpoint_id')))
  endpointId!: string | null;

  @Column(text('act', 32))
  act!: WebhookActName;

  @Column(text('actor_kind', 16))
  actorKind!: WebhookActor['kind'];

  @Column(nullable(text('actor', 255)))
  actor!: string | null;

  @Column(text('subject_kind', 16))
  subjectKind!: AuditSubject['kind'];

  @Column(text('subject_id', 255))
  subjectId!: string;

  /** The changed values before the act. */
  @Column(nullable(json('values_before')))
  before!: object | null;

  /** The changed values after the act. */
  @Column(nullable(json('values_after')))
  after!: object | null;

  @Column(epochMs('created_at'))
  createdAt!: number;
}
