import type { WebhookActor } from '../domain/actor.js';
import type { AuditSubject, AuditValues, WebhookActName } from '../domain/audit.js';
import { iso } from '../domain/iso.js';
import type { WebhookAuditRow } from '../persistence/webhook-audit.entity.js';

/** One recorded act. */
export interface WebhookAuditView {
  id: string;
  act: WebhookActName;
  /**
   * Who did it. `id` is what the app calls them; `null` if the app gives none. Customers don't see the id of an
   * operator.
   */
  actor: WebhookActor;
  subject: AuditSubject;
  /** The endpoint it concerns; `null`: none. */
  endpointId: string | null;
  /** The changed values as they were before; `null` if there were none. Contains no secrets and no header values. */
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

/** Hides from customers who works for the app. */
export function customersAuditView(row: WebhookAuditRow): WebhookAuditView {
  const view = auditView(row);
  return view.actor.kind === 'operator' ? { ...view, actor: { kind: 'operator', id: null } } : view;
}
