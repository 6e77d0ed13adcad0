import { html, svg, type TemplateResult } from 'lit';
import type { WebhookStatsView } from '../api/api-types.js';

import { language } from '../texts/language.js';
import { t } from '../texts/t.js';

const WIDTH = 96;
const HEIGHT = 24;
/** The parts of a bar, from the bottom: succeeded, to be retried, failed. */
const LOOKS = ['spark-good', 'spark-late', 'spark-bad'] as const;

/** Draws attempts over time as bars, with failures on top. Screen readers get one sentence. */
export function sparkline({ buckets, total }: Pick<WebhookStatsView, 'buckets' | 'total'>): TemplateResult {
  const most = Math.max(
    1,
    ...buckets.map(({ succeeded, retrying, failed }) => succeeded + retrying + failed),
  );
  const step = WIDTH / buckets.length;
  const bar = (x: number, y: number, height: number, name: string) =>
    svg`<rect class=${name} x=${x} y=${y} width=${Math.max(1, step - 1)} height=${height} rx="1" />`;
  const bars = buckets.map((bucket, index) => {
    const heights = [bucket.succeeded, bucket.retrying, bucket.failed].map((count) => scaled(count, most));
    const x = index * step;
    let y = HEIGHT;
    return [
      heights.every((height) => height === 0) ? bar(x, HEIGHT - 2, 2, 'spark-none') : '',
      heights.map((height, look) => (height > 0 ? bar(x, (y -= height), height, LOOKS[look]!) : '')),
    ];
  });
  const { succeeded, retrying, failed } = total;
  const label = t('list.health', { succeeded, retrying, failed });
  return html`<svg class="spark" role="img" aria-label=${label} viewBox="0 0 ${WIDTH} ${HEIGHT}">
    ${bars}
  </svg>`;
}

/**
 * Scales a count to a height of at least 2. The bars stay 4 below the top, which leaves room for three such
 * minimums.
 */
const scaled = (count: number, most: number): number =>
  count === 0 ? 0 : Math.max(2, Math.round((count / most) * (HEIGHT - 4)));

/** The share of attempts that succeeded; `null` without attempts. */
export function successRate({ succeeded, failed, retrying }: WebhookStatsView['total']): number | null {
  const attempts = succeeded + failed + retrying;
  return attempts === 0 ? null : succeeded / attempts;
}

const percents = (locale: string): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });

/** Rounds down near 100%, which would hide a failure. */
export function percent(share: number): string {
  const rounded = share > 0.99 && share < 1 ? Math.floor(share * 1000) / 1000 : Math.round(share * 100) / 100;
  return language().format(percents).format(rounded);
}
