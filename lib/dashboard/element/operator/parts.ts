import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../parts/icon.js';
import { link } from '../parts/link.js';
import { badge } from '../parts/status.js';
import { duration, timeFromNow } from '../parts/time.js';
import { language } from '../texts/language.js';
import { formatNumber, t } from '../texts/t.js';
import type {
  OperatorAttentionView,
  OperatorDueView,
  OperatorEndpointView,
  OperatorJobView,
} from './operator-types.js';
import type { OperatorContext } from './operator-view.js';
import type { OperatorRoute } from './route.js';
import { countOf } from './acts.js';

/** In an app without tenants, the name is empty. */
export const tenantName = (tenant: string): string => (tenant === '' ? t('ops.no-tenant') : tenant);

export const tenantLink = (context: OperatorContext, tenant: string): TemplateResult =>
  link(context, { section: 'tenant', query: { tenant } }, html`<bdi>${tenantName(tenant)}</bdi>`, {
    class: 'link break',
  });

export const endpointLink = (context: OperatorContext, id: string, name: unknown = id): TemplateResult =>
  link(context, { section: 'endpoints', id }, name, { class: 'link break' });

/** An English sentence of the routes, whatever the page's language is. */
export const inEnglish = (text: string): TemplateResult =>
  html`<span lang=${language().locale.startsWith('en') ? nothing : 'en'}>${text}</span>`;

/** The retention of finished deliveries. */
export const keptFor = (ms: number | null): string =>
  ms === null ? t('ops.settings.kept.ever') : duration(ms);

const PRESSING: ReadonlySet<string> = new Set(['no-worker', 'lag', 'unattended', 'away', 'disabled']);
const QUIET: ReadonlySet<string> = new Set(['deferred', 'limited', 'paused']);

export const kindBadge = (kind: OperatorAttentionView['kind']): TemplateResult =>
  badge(t(`ops.attention.${kind}`), PRESSING.has(kind) ? 'failure' : QUIET.has(kind) ? '' : 'warning');

/** The state of an endpoint, and whether it is also paused. */
export const stateBadges = ({ state, paused }: OperatorEndpointView): TemplateResult =>
  html`${badge(
    t(`ops.state.${state}`),
    state === 'disabled' ? 'failure' : state === 'failing' ? 'warning' : state === 'active' ? 'success' : '',
  )}${paused ? html` ${badge(t('paused'), 'warning')}` : nothing}`;

/** `12, for 5 minutes`. */
export const dueText = (due: OperatorDueView): TemplateResult =>
  due.count === 0
    ? html`<span class="muted numeric">0</span>`
    : html`<span class="numeric">${countOf(due)}</span
        ><span class="muted small since">${t('ops.due.since')} ${timeFromNow(due.oldestDueAt)}</span>`;

/** Explains why a job makes no progress. */
export function jobProblem({ problem, problemCode }: OperatorJobView): unknown {
  if (problem === null) return nothing;
  const isOfTarget = problemCode === 'target-gone' || problemCode === 'target-off';
  const own = isOfTarget || problemCode === 'batch-failed';
  return html`<p class="notice warning break">
    ${own ? t(`ops.job.problem.${problemCode}`) : nothing} ${isOfTarget ? nothing : inEnglish(problem)}
  </p>`;
}

const JOB_TONES = {
  waiting: '',
  running: '',
  done: 'success',
  stopped: 'warning',
  failed: 'failure',
} as const;

export const jobBadge = ({ status }: OperatorJobView): TemplateResult =>
  badge(t(`ops.job.${status}`), JOB_TONES[status]);

interface Column<Row> {
  readonly label: string;
  /** The CSS class of the column's cells. */
  readonly class?: string;
  readonly cell: (row: Row) => unknown;
}

/** A table. On narrow screens the rows are cards, with a label in each cell. */
export const dataTable = <Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): TemplateResult =>
  html`<table class="table cards operator-table">
    <caption class="sr-only">
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map(({ label, class: name = '' }) => html`<th scope="col" class=${name}>${label}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${columns.map(
              ({ label, class: name = '', cell }) =>
                html`<td class=${name} data-label=${label}>${cell(row)}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;

export const card = (heading: string, content: unknown, tools: unknown = nothing): TemplateResult =>
  html`<section class="card">
    <div class="card-head">
      <h3>${heading}</h3>
      ${tools}
    </div>
    ${content}
  </section>`;

export const note = (text: unknown): TemplateResult => html`<p class="muted section-body">${text}</p>`;

export const backLink = (context: OperatorContext, route: OperatorRoute, text: string): TemplateResult =>
  html`<div>${link(context, route, html`${icon('back')} ${text}`, { class: 'link back break' })}</div>`;

/** Numbers side by side, each below its label. */
export const figures = (
  shown: readonly (readonly [label: string, value: unknown, tone: string, note?: unknown])[],
): TemplateResult =>
  html`<dl class="card figures operator-figures">
    ${shown.map(
      ([label, value, tone, text]) =>
        html`<div class=${tone}>
          <dt>${label}</dt>
          <dd class="numeric">
            ${value} ${text === undefined ? nothing : html`<div class="note">${text}</div>`}
          </dd>
        </div>`,
    )}
  </dl>`;

/** `120 of 400`, with a bar if everything was counted. */
export const jobProgress = ({ done, failed, total, status }: OperatorJobView): TemplateResult =>
  html`<span class="numeric"
      >${total === null ? formatNumber(done) : t('ops.of', { part: done, whole: total })}</span
    >
    ${
      total === null || total === 0 || (status !== 'running' && status !== 'waiting')
        ? nothing
        : html`<progress
            class="progress"
            max=${total}
            value=${Math.min(total, done + failed)}
            aria-label=${t('ops.job.progress')}
          ></progress>`
    }`;
