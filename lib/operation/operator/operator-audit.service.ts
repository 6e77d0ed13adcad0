import { Inject, Injectable } from '@nestjs/common';
import { auditView, type WebhookAuditView } from '../../audit/audit.view.js';
import { pageOf, type WebhookPageView } from '../../management/views/page.view.js';
import { WebhookAuditRepository, type AuditFilter } from '../../persistence/webhook-audit.repository.js';
import type { WebhookPage } from '../../persistence/webhook-log.repository.js';

/** A recorded act on the webhooks of `tenant`; `''` for an act on all tenants. */
export interface OperatorAuditView extends WebhookAuditView {
  tenant: string;
}

/** The audit log of all tenants. */
@Injectable()
export class OperatorAuditService {
  constructor(@Inject(WebhookAuditRepository) private readonly audit: WebhookAuditRepository) {}

  /**
   * The newest first, including acts that customers don't see.
   * @param filter times in epoch ms, `until` exclusive
   * @throws InvalidWebhookInputError for a limit that is no count
   */
  list(
    { tenant, endpointId, act, actor, since, until }: Omit<AuditFilter, 'among'>,
    page: WebhookPage,
  ): Promise<WebhookPageView<OperatorAuditView>> {
    return pageOf(
      page,
      (wanted) => this.audit.list({ tenant, endpointId, act, actor, since, until }, wanted),
      (rows) => rows.map((row) => ({ tenant: row.tenant, ...auditView(row) })),
    );
  }
}
