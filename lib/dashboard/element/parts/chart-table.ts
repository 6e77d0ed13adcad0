import { html, type TemplateResult } from 'lit';
import type { ChartSpec } from './chart-data.js';
import { spanLabel } from './chart-time.js';
import { t } from '../texts/t.js';

export const shown = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value);

/** The values of a chart for readers who can't see it. It has a tab stop, so that it scrolls by keyboard. */
export const chartTable = ({ title, starts, bucketMs, series, format, open }: ChartSpec): TemplateResult =>
  html`<div class="chart-table" tabindex="0" role="region" aria-label=${t('chart.table', { title })}>
    <table class="table">
      <caption class="sr-only">
        ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('chart.time')}</th>
          ${series.map(({ label }) => html`<th scope="col" class="end">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${starts.map(
          (start, index) =>
            html`<tr>
              <th scope="row">
                ${
                  open && series.some(({ values }) => values[index])
                    ? html`<button type="button" class="link" @click=${() => open(index)}>
                        ${spanLabel(start, bucketMs)}
                      </button>`
                    : spanLabel(start, bucketMs)
                }
              </th>
              ${series.map(({ values }) => html`<td class="end numeric">${shown(values[index], format)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
