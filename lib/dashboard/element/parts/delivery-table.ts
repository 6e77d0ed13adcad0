import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { WebhookDeliveryView } from '../api/api-types.js';
import type { DashboardContext } from '../dashboard-view.js';
import type { Chunk } from '../state/chunks.js';
import { link, openRow } from './link.js';
import { lastResponse } from './response.js';
import { deliveryStatus } from './status.js';
import { duration, timeFromNow } from './time.js';
import { t } from '../texts/t.js';

const COLUMNS = [
  'log.status',
  'log.event-type',
  'log.created',
  'log.attempts',
  'log.last-response',
  'log.duration',
  'log.next-attempt',
] as const;

interface LogRows {
  readonly chunks: readonly Chunk<WebhookDeliveryView>[];
  readonly isShown: (key: string) => boolean;
  /** The number of rows in the whole log; `undefined` if more pages follow. */
  readonly count: number | undefined;
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: readonly string[], isSelected: boolean) => void;
}

/**
 * Each row is a CSS grid. So the browser can skip the layout of rows out of view, and columns keep their
 * widths when rows arrive. A grid loses the roles of a table, so they are set explicitly.
 */
export const deliveryTable = (
  context: DashboardContext,
  { chunks, isShown, count, selected, select }: LogRows,
): TemplateResult => {
  const all = chunks.flatMap(({ rows }) => rows.map(({ id }) => id));
  return html`<table class="log" role="table" aria-rowcount=${count === undefined ? -1 : count + 1}>
    <caption class="sr-only">
      ${t('log.caption')}
    </caption>
    <thead role="rowgroup">
      <tr role="row" aria-rowindex="1">
        <th role="columnheader" scope="col" class="log-check">
          ${checkbox(t('log.select-all'), all, selected, select)}
        </th>
        ${COLUMNS.map((name) => html`<th role="columnheader" scope="col">${t(name)}</th>`)}
      </tr>
    </thead>
    ${repeat(
      chunks,
      ({ key }) => key,
      ({ key, start, rows }) =>
        html`<tbody role="rowgroup" data-chunk=${key}>
          ${
            isShown(key)
              ? repeat(
                  rows,
                  ({ id }) => id,
                  (row, index) =>
                    deliveryRow(context, row, {
                      place: start + index + 2,
                      check: checkbox(t('log.select', { type: row.eventType }), [row.id], selected, select),
                    }),
                )
              : nothing
          }
        </tbody>`,
    )}
  </table>`;
};

/** Its label covers a larger area than the box, and lies above the link that fills the row. */
const checkbox = (
  label: string,
  ids: readonly string[],
  selected: ReadonlySet<string>,
  select: LogRows['select'],
): TemplateResult => {
  const chosen = ids.filter((id) => selected.has(id)).length;
  const isAll = chosen > 0 && chosen === ids.length;
  return html`<label data-label=${label}
    ><input
      type="checkbox"
      aria-label=${label}
      .checked=${isAll}
      .indeterminate=${chosen > 0 && !isAll}
      @change=${(event: Event) => select(ids, (event.target as HTMLInputElement).checked)}
  /></label>`;
};

const deliveryRow = (
  context: DashboardContext,
  row: WebhookDeliveryView,
  { place, check }: { readonly place: number; readonly check: TemplateResult },
): TemplateResult => {
  const { id, endpointId, eventType, test, createdAt, attemptCount, durationMs } = row;
  const route = { view: 'webhook', id: endpointId, tab: 'deliveries', delivery: id } as const;
  return html`<tr
    role="row"
    class="opens"
    aria-rowindex=${place}
    data-row=${id}
    @click=${openRow(context, route)}
  >
    <td role="cell" class="log-check">${check}</td>
    <td role="cell" class="log-status">${deliveryStatus(row)}</td>
    <td role="cell" class="log-type">
      ${link(context, route, html`<span class="ltr">${eventType}</span>`, { class: 'link plain log-open' })}
      ${test ? testBadge() : nothing}
    </td>
    <td role="cell" class="muted log-created">${timeFromNow(createdAt)}</td>
    <td role="cell" class="numeric" data-label=${t('log.attempts')}>${attemptCount}</td>
    <td role="cell" data-label=${t('log.last-response')}>${lastResponse(row)}</td>
    <td
      role="cell"
      class="numeric muted log-duration"
      data-label=${durationMs === null ? nothing : t('log.duration')}
    >
      ${durationMs === null ? nothing : duration(durationMs)}
    </td>
    <td role="cell" class="muted" data-label=${row.status === 'pending' ? t('log.next-attempt') : nothing}>
      ${nextAttempt(row)}
    </td>
  </tr>`;
};

export const testBadge = (): TemplateResult => html`<span class="badge plain">${t('test')}</span>`;

/** The time of the next attempt, such as `in 4 min.`, or nothing if none is planned. */
export function nextAttempt({ status, nextAttemptAt }: WebhookDeliveryView): unknown {
  if (status !== 'pending') return nothing;
  if (nextAttemptAt === null) return t('next.sending');
  return Date.parse(nextAttemptAt) <= Date.now() ? t('next.due') : timeFromNow(nextAttemptAt);
}
