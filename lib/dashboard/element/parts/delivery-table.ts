import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { WebhookDeliveryView } from '../api/api-types.js';
import type { DashboardContext } from '../dashboard-view.js';
import type { Chunk } from '../state/chunks.js';
import { link, openRow } from './link.js';
import { lastResponse } from './response.js';
import { deliveryStatus } from './status.js';
import { duration, timeFromNow } from './time.js';

const COLUMNS = ['Status', 'Event type', 'Created', 'Attempts', 'Last response', 'Duration', 'Next attempt'];

interface LogRows {
  readonly chunks: readonly Chunk<WebhookDeliveryView>[];
  readonly isShown: (key: string) => boolean;
  /** Of all rows; `undefined` while there are more. */
  readonly count: number | undefined;
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: readonly string[], isSelected: boolean) => void;
}

/**
 * The rows are grids of their own, so that those out of view need not be laid out, and columns keep their widths while
 * rows come in. The roles stay with them by being written down.
 */
export const deliveryTable = (
  context: DashboardContext,
  { chunks, isShown, count, selected, select }: LogRows,
): TemplateResult => {
  const all = chunks.flatMap(({ rows }) => rows.map(({ id }) => id));
  return html`<table class="log" role="table" aria-rowcount=${count === undefined ? -1 : count + 1}>
    <caption class="sr-only">
      Deliveries, the newest first
    </caption>
    <thead role="rowgroup">
      <tr role="row" aria-rowindex="1">
        <th role="columnheader" scope="col" class="log-check">
          ${checkbox('Select all that are shown', all, selected, select)}
        </th>
        ${COLUMNS.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}
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
                      check: checkbox(`Select ${row.eventType}`, [row.id], selected, select),
                    }),
                )
              : nothing
          }
        </tbody>`,
    )}
  </table>`;
};

/** Larger than it looks, and above the link that fills its row. */
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
    <td role="cell" class="numeric" data-label="Attempts">${attemptCount}</td>
    <td role="cell" data-label="Last response">${lastResponse(row)}</td>
    <td
      role="cell"
      class="numeric muted log-duration"
      data-label=${durationMs === null ? nothing : 'Duration'}
    >
      ${durationMs === null ? nothing : duration(durationMs)}
    </td>
    <td role="cell" class="muted" data-label=${row.status === 'pending' ? 'Next attempt' : nothing}>
      ${nextAttempt(row)}
    </td>
  </tr>`;
};

export const testBadge = (): TemplateResult => html`<span class="badge plain">Test</span>`;

/** `in 4 min.`; nothing where there will be none. */
export function nextAttempt({ status, nextAttemptAt }: WebhookDeliveryView): unknown {
  if (status !== 'pending') return nothing;
  if (nextAttemptAt === null) return 'Sending now';
  return Date.parse(nextAttemptAt) <= Date.now() ? 'Due now' : timeFromNow(nextAttemptAt);
}
