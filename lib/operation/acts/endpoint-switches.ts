import { fieldProblem } from '../../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { WEBHOOKS_CLOCK } from '../../config/tokens.js';
import { LifecycleEvents } from '../../delivery/lifecycle-events.js';
import type { WebhookClock } from '../../domain/clock.js';
import { iso } from '../../domain/iso.js';
import { InvalidWebhookInputError } from '../../domain/webhooks.error.js';
import { EndpointsService } from '../../management/endpoints.service.js';
import { WebhookNotFoundError } from '../../management/management.errors.js';
import type { WebhookEndpoint } from '../../persistence/webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from '../../persistence/webhook-endpoint.repository.js';
import { WebhookHealthRepository } from '../../persistence/webhook-health.repository.js';

const MAX_REASON = 500;

/** Disables endpoints of any tenant, with a reason for their owners, and enables them again. */
@Injectable()
export class EndpointSwitches {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(LifecycleEvents) private readonly lifecycle: LifecycleEvents,
    @Inject(EndpointsService) private readonly endpoints: EndpointsService,
    @Inject(WebhookEndpointRepository) private readonly rows: WebhookEndpointRepository,
    @Inject(WebhookHealthRepository) private readonly health: WebhookHealthRepository,
  ) {}

  /** @throws WebhookNotFoundError, InvalidWebhookInputError */
  async disable(id: string, reason: string): Promise<void> {
    const note = typeof reason === 'string' ? reason.trim() : '';
    if (note === '' || note.length > MAX_REASON || note.includes('\0')) {
      const message = `reason must be a text of 1 to ${MAX_REASON} characters: the owner of the webhook reads it.`;
      throw new InvalidWebhookInputError([
        fieldProblem('reason', message, 'text-length', { least: 1, most: MAX_REASON }),
      ]);
    }
    const { tenant, active, disabledReason, disabledNote } = await this.existing(id);
    const now = this.clock.now();
    const recording = await this.audit.begin();
    const also = recording.of({
      tenant,
      act: 'endpoint.disabled',
      subject: { kind: 'endpoint', id },
      before: { active, disabledReason, disabledNote },
      after: { active: false, disabledReason: 'operator', disabledNote: note },
    });
    if (!(await this.health.disableFor(id, note, now, also))) return;
    recording.tell();
    this.lifecycle.disabled({ endpointId: id, tenant, reason: 'operator', disabledAt: iso(now) });
  }

  /** @throws WebhookNotFoundError */
  async enable(id: string): Promise<void> {
    const { tenant, active } = await this.existing(id);
    if (!active) await this.endpoints.update(tenant, id, { active: true });
  }

  private async existing(id: string): Promise<WebhookEndpoint> {
    const endpoint = await this.rows.find(id);
    if (!endpoint) throw new WebhookNotFoundError('endpoint', id);
    return endpoint;
  }
}
