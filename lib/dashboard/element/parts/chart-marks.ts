import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { ChartLook } from './chart-data.js';

/** Stripes in tiles of 6 px. The lines extend past the edges, where those of the next tile continue them. */
const RISING = 'M-1 1l2-2M0 6l6-6M5 7l2-2';
const FALLING = 'M-1 5l2 2M0 0l6 6M5-1l2 2';
const STRIPES: readonly (readonly [ChartLook, string])[] = [
  ['retrying', RISING],
  ['failed', RISING + FALLING],
];

/** Stripes in one or both directions, for readers who can't distinguish the colours. */
export const patterns = (chartId: string): readonly SVGTemplateResult[] =>
  STRIPES.map(
    ([look, stripes]) =>
      svg`<pattern id="${chartId}-${look}" class=${look} width="6" height="6" patternUnits="userSpaceOnUse">
        <path class="plain" d="M0 0h6v6H0z" /><path class="stripe" d=${stripes} />
      </pattern>`,
  );

/** Returns no pattern if `chartId` is `null`. */
export const fillOf = (look: ChartLook, chartId: string | null): string =>
  chartId === null || look === 'succeeded' ? 'var(--wd-tone)' : `url(#${chartId}-${look})`;

/** A sample of a series' look, beside its name. */
export const swatch = (look: ChartLook, chartId: string): TemplateResult =>
  html`<svg class="swatch ${look}" width="16" height="12" aria-hidden="true">
    ${
      look === 'typical' || look === 'slow'
        ? svg`<path class="line" d="M0 6h16" />`
        : svg`<rect x="2" width="12" height="12" rx="3" fill=${fillOf(look, chartId)} />`
    }
  </svg>`;
