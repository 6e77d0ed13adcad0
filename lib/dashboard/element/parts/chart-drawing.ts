import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { fillOf, patterns } from './chart-marks.js';
import { BOTTOM, HEIGHT, TOP, type Bars, type Line, type Plot } from './chart-plot.js';

/** Draws the chart in pixels, without scaling, so that its text keeps its size. */
export const drawing = (plot: Plot, hovered: number | null, chartId: string): TemplateResult =>
  html`<svg class="drawing" width=${plot.width} height=${HEIGHT} aria-hidden="true">
    <defs>${patterns(chartId)}</defs>
    ${yAxis(plot)}${hovered === null ? nothing : highlight(plot, hovered)}
    ${plot.bars.map((bars) => barsOf(bars, plot.hasPatterns ? chartId : null))}
    ${plot.lines.map((line) => lineOf(line, hovered))}${xAxis(plot)}
  </svg>`;

const yAxis = ({ yTicks, left, right }: Plot): SVGTemplateResult[] =>
  yTicks.map(
    ({ at, label }) =>
      svg`<path class="grid" d="M${left},${at}H${right}" />
        <text x=${left - 8} y=${at} dy="0.32em" text-anchor="end">${label}</text>`,
  );

const xAxis = ({ xTicks }: Plot): SVGTemplateResult[] =>
  xTicks.map(
    ({ at, label }) =>
      svg`<path class="grid" d="M${at},${BOTTOM}v4" />
        <text x=${at} y=${BOTTOM + 19} text-anchor="middle">${label}</text>`,
  );

const highlight = ({ left, band }: Plot, index: number): SVGTemplateResult =>
  svg`<rect class="band" x=${left + band * index} y=${TOP} width=${Math.max(1, band)} height=${BOTTOM - TOP} />`;

const barsOf = ({ look, path }: Bars, chartId: string | null): SVGTemplateResult =>
  svg`<path class=${look} fill=${fillOf(look, chartId)} d=${path} />`;

const lineOf = ({ look, path, points, pointAt }: Line, hovered: number | null): SVGTemplateResult =>
  svg`<g class=${look}>
    <path class="line" d=${path} /><path class="points" d=${points} />
    ${hovered === null ? nothing : svg`<path class="points hovered" d=${pointAt(hovered)} />`}
  </g>`;
