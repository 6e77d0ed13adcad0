import { html, nothing, type TemplateResult } from 'lit';
import { codeBlock } from '../../parts/code-block.js';
import { failure, loadingRows, outdated } from '../../parts/states.js';
import { time } from '../../parts/time.js';
import { Loader } from '../../state/loader.js';
import { poll } from '../../state/poller.js';
import { formatNumber, t } from '../../texts/t.js';
import { stopJob } from '../acts.js';
import type { OperatorJobView } from '../operator-types.js';
import { OperatorView } from '../operator-view.js';
import { backLink, card, inEnglish, jobBadge, jobProgress } from '../parts.js';

const REFRESH_MS = 2_000;

const isOpen = ({ status }: OperatorJobView): boolean => status === 'waiting' || status === 'running';

/** One job: its progress and its request. */
export class JobView extends OperatorView {
  private readonly loader = new Loader<OperatorJobView>(this, (signal) =>
    this.context.api.job(this.route.id ?? '', signal),
  );

  constructor() {
    super();
    poll(
      this,
      async () => {
        if (!this.loader.value || isOpen(this.loader.value)) await this.reload();
      },
      REFRESH_MS,
    );
  }

  protected reload(): Promise<void> {
    return this.loader.run();
  }

  protected override firstUpdated(): void {
    void this.reload();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return html`<div class="stack loose">
      <div class="stack tight">
        ${backLink(this.context, { section: 'jobs' }, t('ops.nav.jobs'))}
        <div class="page-head">
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
        </div>
      </div>
      ${value && error ? html`<p class="problem" role="alert">${outdated(error)}</p>` : nothing}
      ${
        value
          ? this.shown(value)
          : html`<div class="card">${error ? failure(error, () => void this.reload()) : loadingRows(6)}</div>`
      }
    </div>`;
  }

  private shown(job: OperatorJobView): TemplateResult {
    const { id, failed, problem, createdAt, finishedAt, request, receipt } = job;
    const json = (label: string, value: unknown): TemplateResult =>
      card(
        label,
        html`<div class="event-body">${codeBlock(JSON.stringify(value, null, 2), { label })}</div>`,
      );
    return html`${problem === null ? nothing : html`<p class="notice warning break">${inEnglish(problem)}</p>`}
      <dl class="card padded facts">
        <dt>${t('ops.job.progress')}</dt>
        <dd>${jobProgress(job)}</dd>
        <dt>${t('ops.job.refused')}</dt>
        <dd class="numeric">${formatNumber(failed)}</dd>
        <dt>${t('log.created')}</dt>
        <dd>${time(createdAt)}</dd>
        ${
          finishedAt === null
            ? nothing
            : html`<dt>${t('ops.job.finished')}</dt>
                <dd>${time(finishedAt)}</dd>`
        }
        <dt>ID</dt>
        <dd><code>${id}</code></dd>
      </dl>
      ${json(t('ops.job.request'), request)}
      ${receipt === null ? nothing : json(t('ops.job.receipt'), receipt)}`;
  }
}
