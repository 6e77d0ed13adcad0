import { Inject, Injectable } from '@nestjs/common';
import { AppListeners } from '../config/app-listeners.js';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { currentActor, type WebhookActor } from '../domain/actor.js';
import { auditedValues, type AuditSubject, type AuditValues, type WebhookActName } from '../domain/audit.js';
import type { WebhookClock } from '../domain/clock.js';
import { newId } from '../domain/id.js';
import { singleLine } from '../domain/shown-text.js';
import type { SqlStatement } from '../persistence/sql/sql-executor.js';
import type { WebhookAuditRow } from '../persistence/webhook-audit.entity.js';
import { WebhookAuditRepository } from '../persistence/webhook-audit.repository.js';
import { auditView } from './audit.view.js';

/** What was done. Of the values, those that changed; none of them may be a secret. */
export interface RecordedAct {
  /** Whose webhooks; `''` of an act on all tenants. */
  readonly tenant: string;
  readonly act: WebhookActName;
  readonly subject: AuditSubject;
  /** The endpoint that it is about, where that is not the subject. */
  readonly endpointId?: string;
  readonly before?: AuditValues;
  readonly after?: AuditValues;
}

const MAX_ACTOR = 255;

/** Records who did what, and tells the app of it with `webhooks.audit.recorded`. */
@Injectable()
export class AuditLog {
  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookAuditRepository) private readonly audit: WebhookAuditRepository,
    @Inject(AppListeners) private readonly listeners: AppListeners,
  ) {}

  /**
   * Asks who acts, for an act that writes: its row goes into the same transaction.
   *
   *     const recording = await this.audit.begin();
   *     const isDone = await this.pauses.insert(pause, recording.of({ … }));
   *     if (isDone) recording.tell();
   *
   * @throws what `api.actor` throws: the act must not be done by nobody knows whom
   */
  async begin(actor?: WebhookActor): Promise<AuditRecording> {
    if (this.config.audit === null) return NOT_RECORDED;
    const by = actor ?? (await currentActor());
    let row: WebhookAuditRow | undefined;
    return {
      of: (act) => {
        row = this.rowOf(by, act);
        return [this.audit.insertion(row)];
      },
      tell: () => {
        if (row) this.listeners.tell('webhooks.audit.recorded', { tenant: row.tenant, ...auditView(row) });
      },
    };
  }

  /** For an act with no transaction of ours: right after it, or before it where it must not happen unrecorded. */
  async record(act: RecordedAct, actor?: WebhookActor): Promise<void> {
    const recording = await this.begin(actor);
    const statements = recording.of(act);
    if (statements.length === 0) return;
    await this.audit.write(statements);
    recording.tell();
  }

  private rowOf({ kind, id }: WebhookActor, act: RecordedAct): WebhookAuditRow {
    const { tenant, act: name, subject, before, after } = act;
    const createdAt = this.clock.now();
    return {
      id: newId('act', createdAt),
      tenant,
      endpointId: act.endpointId ?? (subject.kind === 'endpoint' ? subject.id : null),
      act: name,
      actorKind: kind,
      actor: id === null ? null : singleLine(id, MAX_ACTOR - 1).slice(0, MAX_ACTOR),
      subjectKind: subject.kind,
      subjectId: subject.id,
      before: before ? auditedValues(before) : null,
      after: after ? auditedValues(after) : null,
      createdAt,
    };
  }
}

/** An act that is being done. */
export interface AuditRecording {
  /** What to run in the transaction of the act. It may be made anew where that runs again: the last one counts. */
  of(act: RecordedAct): readonly SqlStatement[];
  /** Once it is committed: tells the app. */
  tell(): void;
}

const NOT_RECORDED: AuditRecording = { of: () => [], tell: () => undefined };
