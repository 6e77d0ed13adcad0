import { fieldProblem } from '../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { customersAuditView, type WebhookAuditView } from '../audit/audit.view.js';
import { actingAs } from '../domain/actor.js';
import { CUSTOMERS_ACTS } from '../domain/audit.js';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';
import { WebhookAuditRepository, type AuditFilter } from '../persistence/webhook-audit.repository.js';
import type { WebhookPage } from '../persistence/webhook-log.repository.js';
import { pageOf, type WebhookPageView } from './views/page.view.js';
import { OfTenant } from './of-tenant.js';

const MAX_ACTOR = 255;

/** The audit log of a tenant's webhooks. */
@Injectable()
export class AuditService {
  constructor(@Inject(WebhookAuditRepository) private readonly audit: WebhookAuditRepository) {}

  /**
   * The newest first, without what concerns operators alone. The `endpointId` of another tenant finds nothing.
   * @throws InvalidWebhookInputError for a limit that is no count
   */
  @OfTenant()
  list(
    tenant: string,
    filter: Pick<AuditFilter, 'endpointId' | 'act'>,
    page: WebhookPage,
  ): Promise<WebhookPageView<WebhookAuditView>> {
    const { endpointId, act } = filter;
    return pageOf(
      page,
      (wanted) => this.audit.list({ tenant, endpointId, act, among: CUSTOMERS_ACTS }, wanted),
      (rows) => rows.map(customersAuditView),
    );
  }

  /**
   * Records what `work` does as done by `actor`, a text of up to 255 characters: for code of the app that acts for
   * somebody.
   *
   *     await webhooks.audit.as(user.email, () => webhooks.endpoints.delete(tenant, id));
   *
   * @throws InvalidWebhookInputError
   */
  as<Result>(actor: string, work: () => Result): Result {
    if (typeof actor === 'string' && actor !== '' && actor.length <= MAX_ACTOR)
      return actingAs(() => ({ kind: 'app', id: actor }), work);
    const got = typeof actor === 'string' ? `${actor.length}` : typeof actor;
    const message = `actor must be a text of 1 to ${MAX_ACTOR} characters, got ${got}.`;
    throw new InvalidWebhookInputError([
      fieldProblem('actor', message, 'text-length', { least: 1, most: MAX_ACTOR }),
    ]);
  }
}
