import { html, nothing, type TemplateResult } from 'lit';
import { codeBlock } from '../../parts/code-block.js';
import { formatNumber, t } from '../../texts/t.js';
import { stopJob } from '../acts.js';
import { OperatorDetailView } from '../detail.view.js';
import type { OperatorJobView } from '../operator-types.js';
import { backLink, card, jobBadge, jobProblem, jobProgress } from '../parts.js';
import { stamp } from '../stamp.js';

const REFRESH_MS = 2_000;

const isOpen = ({ status }: OperatorJobView): boolean => status === 'waiting' || status === 'running';

/** One job: its progress and its request. */
export class JobView extends OperatorDetailView<OperatorJobView> {
  constructor() {
    super(REFRESH_MS);
  }

  protected override load(signal: AbortSignal): Promise<OperatorJobView> {
    return this.context.api.job(this.route.id ?? '', signal);
  }

  protected override isFinal(job: OperatorJobView): boolean {
    return !isOpen(job);
  }

  protected override back(): TemplateResult {
    return backLink(this.context, { section: 'jobs' }, t('ops.nav.jobs'));
  }

  protected override head(value: OperatorJobView | undefined): TemplateResult {
    return html`<div class="page-head">
      <div class="row">
        <h2 tabindex="-1">${value ? t(`ops.job.kind.${value.kind}`) : t('ops.nav.jobs')}</h2>
        <span role="status">${value ? jobBadge(value) : nothing}</span>
      </div>
      ${
        value && isOpen(value)
          ? html`<button
              type="button"
              class="button danger-outline"
              @click=${() => this.context.ask(stopJob(this.context, value))}
            >
              ${t('ops.job.stop')}
            </button>`
          : nothing
      }
    </div>`;
  }

  protected override shown(job: OperatorJobView): TemplateResult {
    const { id, failed, createdAt, finishedAt, request, receipt } = job;
    const json = (label: string, value: unknown): TemplateResult =>
      card(
        label,
        html`<div class="event-body">${codeBlock(JSON.stringify(value, null, 2), { label })}</div>`,
      );
    return html`${jobProblem(job)}
      <dl class="card padded facts">
        <dt>${t('ops.job.progress')}</dt>
        <dd>${jobProgress(job)}</dd>
        <dt>${t('ops.job.refused')}</dt>
        <dd class="numeric">${formatNumber(failed)}</dd>
        <dt>${t('log.created')}</dt>
        <dd>${stamp(createdAt)}</dd>
        ${
          finishedAt === null
            ? nothing
            : html`<dt>${t('ops.job.finished')}</dt>
                <dd>${stamp(finishedAt)}</dd>`
        }
        <dt>ID</dt>
        <dd><code>${id}</code></dd>
      </dl>
      ${json(t('ops.job.request'), request)}
      ${receipt === null ? nothing : json(t('ops.job.receipt'), receipt)}`;
  }
}
