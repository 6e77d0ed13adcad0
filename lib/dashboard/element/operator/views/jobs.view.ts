import { html, type TemplateResult } from 'lit';
import { icon } from '../../parts/icon.js';
import { link } from '../../parts/link.js';
import { timeFromNow } from '../../parts/time.js';
import { t } from '../../texts/t.js';
import { OperatorListView } from '../list.view.js';
import type { OperatorJobView, WebhookPageView } from '../operator-types.js';
import { dataTable, jobBadge, jobProgress } from '../parts.js';

/** The jobs and their progress. */
export class JobsView extends OperatorListView<OperatorJobView> {
  protected page(cursor: string | undefined, signal: AbortSignal): Promise<WebhookPageView<OperatorJobView>> {
    return this.context.api.jobs({ cursor }, signal);
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <div class="page-head">
        <div>
          <h2 tabindex="-1">${t('ops.nav.jobs')}</h2>
          <p class="muted">${t('ops.jobs.text')}</p>
        </div>
        ${link(this.context, { section: 'jobs', id: 'new' }, html`${icon('plus')} ${t('ops.job.new')}`, { class: 'button primary' })}
      </div>
      ${this.content()}
    </div>`;
  }

  protected table(rows: readonly OperatorJobView[]): TemplateResult {
    return dataTable(
      t('ops.nav.jobs'),
      [
        {
          label: t('ops.what'),
          class: 'name',
          cell: ({ id, kind }) =>
            link(this.context, { section: 'jobs', id }, t(`ops.job.kind.${kind}`), { class: 'link plain' }),
        },
        { label: t('ops.status'), cell: jobBadge },
        { label: t('ops.job.progress'), cell: jobProgress },
        { label: t('ops.job.refused'), class: 'numeric', cell: ({ failed }) => failed },
        { label: t('log.created'), cell: ({ createdAt }) => timeFromNow(createdAt) },
      ],
      rows,
    );
  }
}
