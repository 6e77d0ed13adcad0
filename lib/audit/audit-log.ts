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

/** An act to record. `before` and `after` hold only the values that changed, and never a secret. */
export interface RecordedAct {
  /** The tenant of the webhooks; `''` for an act on all tenants. */
  readonly tenant: string;
  readonly act: WebhookActName;
  readonly subject: AuditSubject;
  /** The endpoint, if the subject itself is something else. */
  readonly endpointId?: string;
  readonly before?: AuditValues;
  readonly after?: AuditValues;
}

const MAX_ACTOR = 255;

/** Records who did what, and sends the app the lifecycle event `webhooks.audit.recorded`. */
@Injectable()
export class AuditLog {
  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookAuditRepository) private readonly audit: WebhookAuditRepository,
    @Inject(AppListeners) private readonly listeners: AppListeners,
  ) {}

  /**
   * Asks the app who acts. Use it for an act that writes: its audit row is written in the same transaction.
   *
   *     const recording = await this.audit.begin();
   *     const isDone = await this.pauses.insert(pause, recording.of({ … }));
   *     if (isDone) recording.tell();
   *
   * @throws what `api.actor` throws: no act is done without a known actor
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

  /**
   * Records an act without a transaction of ours. Call it after the act, or before an act that must never go
   * unrecorded.
   */
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

/** An act in progress. */
export interface AuditRecording {
  /**
   * Returns the statement to run in the act's transaction. If the transaction runs again, call it again: the last
   * call counts.
   */
  of(act: RecordedAct): readonly SqlStatement[];
  /** Tells the app. Call it after the commit. */
  tell(): void;
}

const NOT_RECORDED: AuditRecording = { of: () => [], tell: () => undefined };
