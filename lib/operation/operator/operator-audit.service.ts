import { Inject, Injectable } from '@nestjs/common';
import { auditView, type WebhookAuditView } from '../../audit/audit.view.js';
import { pageOf, type WebhookPageView } from '../../management/views/page.view.js';
import { WebhookAuditRepository, type AuditFilter } from '../../persistence/webhook-audit.repository.js';
import type { WebhookPage } from '../../persistence/webhook-log.repository.js';

/** An act of somebody, on the webhooks of `tenant`; `''` where it is on those of all. */
export interface OperatorAuditView extends WebhookAuditView {
  tenant: string;
}

/** Who did what, over all tenants. */
@Injectable()
export class OperatorAuditService {
  constructor(@Inject(WebhookAuditRepository) private readonly audit: WebhookAuditRepository) {}

  /**
   * The newest first, also those that customers are not shown.
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
