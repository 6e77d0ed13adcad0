import type { WebhookActor } from '../domain/actor.js';
import type { AuditSubject, AuditValues, WebhookActName } from '../domain/audit.js';
import { iso } from '../domain/iso.js';
import type { WebhookAuditRow } from '../persistence/webhook-audit.entity.js';

/** An act of somebody. */
export interface WebhookAuditView {
  id: string;
  act: WebhookActName;
  /** Who did it: `id` is what the app says of them, `null` where it says nothing. Customers are not shown that of an operator. */
  actor: WebhookActor;
  subject: AuditSubject;
  /** The endpoint that it is about; `null`: none. */
  endpointId: string | null;
  /** What changed, as it was; `null` where there was nothing. No secret, and no value of a header. */
  before: AuditValues | null;
  after: AuditValues | null;
  createdAt: string;
}

export const auditView = (row: WebhookAuditRow): WebhookAuditView => ({
  id: row.id,
  act: row.act,
  actor: { kind: row.actorKind, id: row.actor },
  subject: { kind: row.subjectKind, id: row.subjectId },
  endpointId: row.endpointId,
  before: row.before as AuditValues | null,
  after: row.after as AuditValues | null,
  createdAt: iso(row.createdAt),
});

/** Who works for the app is none of its customers' business. */
export function customersAuditView(row: WebhookAuditRow): WebhookAuditView {
  const view = auditView(row);
  return view.actor.kind === 'operator' ? { ...view, actor: { kind: 'operator', id: null } } : view;
}
