import { fieldProblem, type AnyCoded } from '../../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog, type RecordedAct } from '../../audit/audit-log.js';
import { currentActor } from '../../domain/actor.js';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import type { WebhookClock } from '../../domain/clock.js';
import { newId } from '../../domain/id.js';
import { PAUSE_SCOPES, type PausedTarget, type PauseScope } from '../../domain/pauses.js';
import { quoted } from '../../domain/shown-text.js';
import { within } from '../../domain/within.js';
import { InvalidWebhookInputError, WebhooksError } from '../../domain/webhooks.error.js';
import type { WebhookPause } from '../../persistence/webhook-pause.entity.js';
import { WebhookEndpointRepository } from '../../persistence/webhook-endpoint.repository.js';
import { MOST_PAUSES, WebhookPauseRepository } from '../../persistence/webhook-pause.repository.js';
import { WebhookNotFoundError } from '../../management/management.errors.js';
import { checkTenant } from '../../management/of-tenant.js';
import { PauseRounds } from './pause-rounds.js';
import { operatorPauseView, type OperatorPauseView } from './views/pause.view.js';

const MAX_REASON = 500;
const SCOPES = PAUSE_SCOPES.join(', ');
/** How long a caller waits for paused deliveries to become due again. The workers do the rest. */
const COMING_BACK_MS = 2_000;

/** What to pause: `tenant` for the scope `tenant`, `endpointId` for the scope `endpoint`. */
export interface PauseInput {
  readonly scope: PauseScope;
  readonly tenant?: string;
  readonly endpointId?: string;
  /** At most 500 characters, for operators. */
  readonly reason?: string;
}

/**
 * Pauses sending on all workers within a second, until the pause is ended. Events emitted meanwhile are stored, and
 * sent afterwards.
 */
@Injectable()
export class PausesService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookPauseRepository) private readonly pauses: WebhookPauseRepository,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(PauseRounds) private readonly rounds: PauseRounds,
  ) {}

  /** The newest first: 1,000 at most. */
  async list(): Promise<{ data: OperatorPauseView[] }> {
    return { data: (await this.pauses.list()).map(operatorPauseView) };
  }

  /**
   * Sends nothing any more to what it covers: no attempts, resends or tests. Requests in flight finish normally.
   * If the same is already paused, returns that pause unchanged.
   * @throws InvalidWebhookInputError, WebhookNotFoundError for an unknown endpoint, WebhooksError
   *   `webhooks/too-many-pauses` if there are 1,000
   */
  async pause(input: PauseInput): Promise<OperatorPauseView> {
    const reason = input.reason ?? null;
    const target = await this.target(input);
    const id = newId('pse', this.clock.now());
    const { id: actor } = await currentActor();
    const pause = { id, ...target, reason, actor, createdAt: this.clock.now() };
    const recording = await this.audit.begin();
    const stored = await this.pauses.insert(pause, recording.of(actOf('pause.created', pause)));
    const paused = stored ? pause : await this.pauses.findOf(target);
    if (!paused) throw new TooManyPausesError();
    if (stored) recording.tell();
    await this.rounds.look();
    return operatorPauseView(paused);
  }

  /**
   * Ends a pause. What no other pause covers is sent at once, the longest due first. Does nothing if the pause has
   * ended.
   */
  async resume(id: string): Promise<void> {
    const pause = await this.pauses.find(id);
    if (pause) {
      const recording = await this.audit.begin();
      if (await this.pauses.delete(id, recording.of(actOf('pause.ended', pause)))) recording.tell();
    }
    await within(this.rounds.lookForEnded(), COMING_BACK_MS);
  }

  /** @throws InvalidWebhookInputError, WebhookNotFoundError */
  private async target({ scope, tenant, endpointId, reason = '' }: PauseInput): Promise<PausedTarget> {
    if (!PAUSE_SCOPES.includes(scope))
      invalid('scope', `must be one of ${SCOPES}, got ${quoted(String(scope))}.`, 'not-one-of', {
        values: SCOPES,
      });
    if (typeof reason !== 'string' || reason.length > MAX_REASON)
      invalid('reason', `must be a text of at most ${MAX_REASON} characters.`, 'too-long', {
        most: MAX_REASON,
      });
    if (scope !== 'endpoint' && endpointId !== undefined)
      invalid('endpointId', `goes with the scope 'endpoint', not with '${scope}'. Remove it.`, 'not-allowed');
    if (scope === 'all') {
      if (tenant !== undefined)
        invalid('tenant', `goes with the scope 'tenant', not with 'all'. Remove it.`, 'not-allowed');
      return { scope, tenant: '', endpointId: '' };
    }
    if (scope === 'tenant') {
      if (tenant === undefined)
        invalid(
          'tenant',
          `is missing: whose webhooks are to be paused? '' is an app without tenants.`,
          'required',
        );
      checkTenant(tenant);
      return { scope, tenant, endpointId: '' };
    }
    if (endpointId === undefined)
      invalid('endpointId', 'is missing: which endpoint is to be paused?', 'required');
    const endpoint = await this.endpoints.find(endpointId);
    if (!endpoint || (tenant !== undefined && tenant !== endpoint.tenant))
      throw new WebhookNotFoundError('endpoint', endpointId);
    return { scope, tenant: endpoint.tenant, endpointId };
  }
}

const actOf = (
  act: 'pause.created' | 'pause.ended',
  { id, tenant, scope, endpointId, reason }: WebhookPause,
): RecordedAct => {
  const values = { scope, ...(scope === 'endpoint' ? { endpointId } : {}), reason };
  return {
    tenant,
    act,
    subject: { kind: 'pause', id },
    ...(scope === 'endpoint' ? { endpointId } : {}),
    ...(act === 'pause.created' ? { after: values } : { before: values }),
  };
};

/** Whoever needs more should pause a tenant, or everything. */
class TooManyPausesError extends WebhooksError {
  readonly code = 'webhooks/too-many-pauses';

  constructor() {
    super(`There are ${MOST_PAUSES} pauses already. End some, or pause a whole tenant, or everything.`);
  }
}

function invalid(field: string, problem: string, ...coded: AnyCoded): never {
  throw new InvalidWebhookInputError([fieldProblem(field, `${field} ${problem}`, ...coded)]);
}
