import { html, nothing, type TemplateResult } from 'lit';
import type { DashboardContext } from '../dashboard-view.js';
import type { DeliveryLog } from '../state/delivery-log.js';
import { isFiltered, isScan } from './delivery-filters.js';
import { deliveryTable } from './delivery-table.js';
import { empty, failure, loadingRows, outdated } from './states.js';
import { time } from './time.js';
import { rich, t } from '../texts/t.js';

interface LogContent {
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: readonly string[], isSelected: boolean) => void;
  /** Whether the webhook is active. */
  readonly active: boolean;
  readonly showMore: () => void;
  readonly clearFilters: () => void;
}

/** Shows the rows of the log, or its error, or why it is empty. */
export function deliveryLog(context: DashboardContext, log: DeliveryLog, content: LogContent): unknown {
  const { rows, error, hasMore } = log.list;
  if (!rows) return error ? failure(error, () => void log.list.restart()) : loadingRows(8);
  if (rows.length === 0) return nothingThere(log, content);
  return html`${error ? html`<p class="problem log-problem" role="alert">${outdated(error)}</p>` : nothing}
  ${deliveryTable(context, {
    ...content,
    chunks: log.chunks.of(rows),
    isShown: (key) => log.window.isShown(key),
    count: hasMore ? undefined : rows.length,
  })}
  ${hasMore ? more(log, content.showMore) : nothing}`;
}

const more = (log: DeliveryLog, showMore: () => void): TemplateResult =>
  html`<div class="more" data-end>
    ${isScan(log.filter) ? html`<span class="muted small">${reached(log)}</span>` : nothing}
    <button type="button" class="button" @click=${showMore}>
      ${t(isScan(log.filter) ? 'log.search-further' : 'show-more')}
    </button>
  </div>`;

const reached = ({ list }: DeliveryLog): TemplateResult =>
  rich('log.searched-to', { time: time(new Date(list.reachedTo ?? 0).toISOString()) });

function nothingThere(log: DeliveryLog, { active, clearFilters }: LogContent): TemplateResult {
  if (log.list.hasMore) {
    const further = html`<button
      type="button"
      class="button"
      aria-disabled=${log.list.loading}
      @click=${log.searchOn}
    >
      ${t('log.search-further')}
    </button>`;
    return empty('search', t('log.nothing-yet'), reached(log), further);
  }
  if (isFiltered(log.filter)) {
    const clear = html`<button type="button" class="button" @click=${clearFilters}>
      ${t('clear-filters')}
    </button>`;
    return empty('search', t('log.no-match'), t('log.no-match.text'), clear);
  }
  return empty('inbox', t('log.empty'), t(active ? 'log.empty.text' : 'log.empty.paused'));
}
