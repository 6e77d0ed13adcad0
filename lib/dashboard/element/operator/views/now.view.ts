import { html, nothing, type TemplateResult } from 'lit';
import { empty, failure, loadingRows, outdated } from '../../parts/states.js';
import { badge } from '../../parts/status.js';
import { timeFromNow } from '../../parts/time.js';
import { Loader } from '../../state/loader.js';
import { poll } from '../../state/poller.js';
import { t } from '../../texts/t.js';
import { countOf, pauseAll, pauseEndpoint, resume } from '../acts.js';
import { OperatorView } from '../operator-view.js';
import type { OperatorAttentionView, OperatorOverviewView } from '../operator-types.js';
import { card, dataTable, dueText, endpointLink, figures, kindBadge, note, tenantLink } from '../parts.js';
import { said } from '../said.js';
import { stamp } from '../stamp.js';

const REFRESH_MS = 5_000;
const PAUSABLE: ReadonlySet<string> = new Set(['away', 'failing', 'limited']);

/** What needs attention now, what is due, which workers run, and what is paused. */
export class NowView extends OperatorView {
  private readonly overview = new Loader(this, (signal) => this.context.api.overview(signal));

  constructor() {
    super();
    poll(this, () => this.reload(), REFRESH_MS);
  }

  protected reload(): Promise<void> {
    return this.overview.run();
  }

  protected override firstUpdated(): void {
    void this.reload();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.overview;
    return html`<div class="stack loose">
      <div class="page-head">
        <div>
          <h2 tabindex="-1">${t('ops.now')}</h2>
          <p class="muted" role="status">${value ? this.headline(value) : nothing}</p>
        </div>
        <button
          type="button"
          class="button danger-outline"
          @click=${() => this.context.ask(pauseAll(this.context))}
        >
          ${t('ops.pause.all')}
        </button>
      </div>
      ${value && error ? html`<p class="problem" role="alert">${outdated(error)}</p>` : nothing}
      ${
        value
          ? this.shown(value)
          : html`<div class="card">${error ? failure(error, () => void this.reload()) : loadingRows(8)}</div>`
      }
    </div>`;
  }

  private headline({ attention, isMoreAttention }: OperatorOverviewView): string {
    if (attention.length === 0) return t('ops.all-well');
    return t(isMoreAttention ? 'ops.attention.more' : 'ops.attention.count', {
      count: attention.length,
    });
  }

  private shown(overview: OperatorOverviewView): TemplateResult {
    return html`${this.figures(overview)}
      ${card(
        t('ops.attention'),
        overview.attention.length === 0
          ? empty('check', t('ops.nothing'), t('ops.nothing.text'))
          : html`<ul class="attention">
              ${overview.attention.map((one) => html`<li>${this.attention(one, overview)}</li>`)}
            </ul>`,
      )}
      ${this.pauses(overview)}
      <webhooks-operator-charts
        .context=${this.context}
        .route=${this.route}
        .changes=${this.changes}
      ></webhooks-operator-charts>
      ${this.backlog(overview)} ${this.workers(overview)}`;
  }

  private figures({ due, workers, pauses, attention }: OperatorOverviewView): TemplateResult {
    const alive = workers.filter(({ isAlive }) => isAlive).length;
    const failing = attention.filter(({ kind }) => kind === 'failing' || kind === 'away').length;
    return figures([
      [
        t('ops.due'),
        countOf(due),
        attention.some(({ kind }) => kind === 'lag') ? 'failure' : '',
        due.oldestDueAt === null
          ? t('ops.due.none')
          : html`${t('ops.due.since')} ${timeFromNow(due.oldestDueAt)}`,
      ],
      [
        t('ops.workers.alive'),
        t('ops.of', { part: alive, whole: workers.length }),
        alive === 0 ? 'failure' : '',
        t('ops.workers.heard'),
      ],
      [t('ops.failing'), failing, failing > 0 ? 'warning' : '', t('ops.failing.text')],
      [t('ops.pauses'), pauses.length, pauses.length > 0 ? 'warning' : '', t('ops.pauses.text')],
    ]);
  }

  private attention(one: OperatorAttentionView, { pauses }: OperatorOverviewView): TemplateResult {
    const { kind, tenant, endpointId, since } = one;
    const pause =
      kind === 'paused'
        ? pauses.find((other) => other.tenant === tenant && other.endpointId === endpointId)
        : undefined;
    const act =
      pause !== undefined
        ? html`<button
            type="button"
            class="button small"
            @click=${() => this.context.ask(resume(this.context, pause))}
          >
            ${t('ops.resume')}
          </button>`
        : endpointId !== null && PAUSABLE.has(kind)
          ? html`<button
              type="button"
              class="button small"
              @click=${() => this.context.ask(pauseEndpoint(this.context, endpointId))}
            >
              ${t('ops.pause')}
            </button>`
          : nothing;
    return html`<span>${kindBadge(kind)}</span>
      <div>
        <p class="break">${said('attends', one)}</p>
        <div class="where small">
          ${tenant === null ? nothing : html`<span>${t('ops.tenant')}: ${tenantLink(this.context, tenant)}</span>`}
          ${endpointId === null ? nothing : endpointLink(this.context, endpointId, t('ops.open-endpoint'))}
          ${since === null ? nothing : html`<span class="muted">${timeFromNow(since)}</span>`}
        </div>
      </div>
      <div class="row">${act}</div>`;
  }

  private pauses({ pauses }: OperatorOverviewView): unknown {
    if (pauses.length === 0) return nothing;
    return card(
      t('ops.pauses'),
      dataTable(
        t('ops.pauses'),
        [
          {
            label: t('ops.what'),
            class: 'name',
            cell: ({ scope, tenant, endpointId }) =>
              html`${t(`ops.scope.${scope}`)}
              ${endpointId !== null ? endpointLink(this.context, endpointId) : tenant !== null ? tenantLink(this.context, tenant) : nothing}`,
          },
          { label: t('ops.reason'), cell: ({ reason }) => reason ?? html`<span class="muted">–</span>` },
          { label: t('ops.since'), cell: ({ createdAt }) => timeFromNow(createdAt) },
          {
            label: t('ops.act'),
            class: 'bare end',
            cell: (pause) =>
              html`<button
                type="button"
                class="button small"
                @click=${() => this.context.ask(resume(this.context, pause))}
              >
                ${t('ops.resume')}
              </button>`,
          },
        ],
        pauses,
      ),
    );
  }

  private backlog({ backlog }: OperatorOverviewView): unknown {
    if (backlog.length === 0) return nothing;
    return card(
      t('ops.backlog'),
      dataTable(
        t('ops.backlog'),
        [
          {
            label: t('ops.tenant'),
            class: 'name',
            cell: ({ tenant }) => tenantLink(this.context, tenant),
          },
          {
            label: t('ops.endpoint'),
            cell: ({ endpointId }) =>
              endpointLink(this.context, endpointId, html`<code>${endpointId}</code>`),
          },
          { label: t('ops.due'), cell: ({ due }) => dueText(due) },
        ],
        backlog,
      ),
    );
  }

  private workers({ workers }: OperatorOverviewView): TemplateResult {
    return card(
      t('ops.workers'),
      workers.length === 0
        ? note(t('ops.workers.none'))
        : dataTable(
            t('ops.workers'),
            [
              { label: t('ops.worker'), class: 'name', cell: ({ name }) => html`<code>${name}</code>` },
              {
                label: t('ops.status'),
                cell: ({ isAlive }) =>
                  badge(t(isAlive ? 'ops.alive' : 'ops.silent'), isAlive ? 'success' : 'failure'),
              },
              { label: t('ops.worker.started'), cell: ({ startedAt }) => stamp(startedAt) },
              { label: t('ops.worker.seen'), cell: ({ seenAt }) => timeFromNow(seenAt) },
            ],
            workers,
          ),
    );
  }
}
