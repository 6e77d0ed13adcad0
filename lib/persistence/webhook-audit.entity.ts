import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookActor } from '../domain/actor.js';
import type { AuditSubject, WebhookActName } from '../domain/audit.js';
import { epochMs, id, json, nullable, text } from './column-types.js';

/** An act of somebody, with who it was and what it changed. No secret is in it. */
@Entity({ name: 'webhook_audit', synchronize: false })
export class WebhookAuditRow {
  @PrimaryColumn(id())
  id!: string;

  /** Whose webhooks; `''` of an act on all tenants, too. */
  @Column(text('tenant', 255))
  tenant!: string;

  /** The endpoint that it is about. */
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

  /** What changed, as it was. */
  @Column(nullable(json('values_before')))
  before!: object | null;

  /** What changed, as it is now. */
  @Column(nullable(json('values_after')))
  after!: object | null;

  @Column(epochMs('created_at'))
  createdAt!: number;
}
