import { css } from 'lit';

const head = css`
  .back {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-inline-start: -4px;
    color: var(--wd-muted);
    font-weight: 500;
  }
  :host(:dir(rtl)) .back svg {
    transform: scaleX(-1);
  }
  .detail-url {
    margin-top: 4px;
    min-width: 0;
  }
  .detail-url > code {
    min-width: 0;
    color: var(--wd-muted);
  }
  @container dashboard (max-width: 560px) {
    .detail-url {
      flex-wrap: nowrap;
    }
    .detail-url > code {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .detail-url .copy-label {
      position: absolute;
      clip-path: inset(50%);
    }
  }
  .detail-actions {
    gap: 8px 12px;
  }
  .detail-actions .switch-label {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    padding-inline-end: 4px;
    font-weight: 500;
  }
  /* A live region stays on the page while it is empty. */
  .notices:not(:has(> *)) {
    position: absolute;
  }
  .notices > .notice {
    background: color-mix(in srgb, var(--wd-tone, var(--wd-neutral)) 6%, var(--wd-background));
  }
  .notices .row {
    margin-top: 8px;
  }
`;

const overview = css`
  .segments {
    display: inline-flex;
    padding: 2px;
    border: 1px solid var(--wd-border);
    border-radius: var(--wd-radius);
    background: var(--wd-surface);
  }
  .segments > button {
    min-height: 28px;
    padding: 2px 12px;
    border: 0;
    border-radius: calc(var(--wd-radius) - 3px);
    background: none;
    color: var(--wd-muted);
    font-size: calc(0.8125 * var(--wd-rem));
    font-weight: 500;
    cursor: pointer;
  }
  .segments > :hover {
    color: var(--wd-text);
  }
  .segments > [aria-pressed='true'] {
    background: var(--wd-background);
    box-shadow: 0 0 0 1px var(--wd-strong-border);
    color: var(--wd-text);
  }
  .outdated {
    opacity: 0.5;
  }
  /* The lines between the cells are gaps, through which the border's colour is visible. */
  .figures {
    display: grid;
    grid-template-columns: repeat(6, 1fr);
    gap: 1px;
    overflow: hidden;
    background: var(--wd-border);
  }
  .figures > div {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    gap: 4px;
    padding: 14px 16px;
    background: var(--wd-background);
  }
  .figures dt {
    color: var(--wd-muted);
    font-size: calc(0.75 * var(--wd-rem));
  }
  .figures dd {
    color: var(--wd-tone, inherit);
    font-size: calc(1.25 * var(--wd-rem));
    font-weight: 600;
    line-height: 1.3;
  }
  @container dashboard (max-width: 900px) {
    .figures {
      grid-template-columns: repeat(3, 1fr);
    }
  }
  @container dashboard (max-width: 560px) {
    .figures {
      grid-template-columns: repeat(2, 1fr);
    }
    .figures > div {
      padding: 12px;
    }
    .segments > button {
      padding-inline: 8px;
    }
  }
`;

const chart = css`
  webhooks-chart {
    display: block;
    min-width: 0;
  }
  .chart .card-head {
    padding: 14px 16px 0;
    border: 0;
  }
  .legend {
    gap: 4px 16px;
    color: var(--wd-muted);
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .legend > li {
    gap: 6px;
  }
  .chart-area {
    position: relative;
    direction: ltr;
    padding-top: 8px;
  }
  .chart-area > .empty {
    min-height: 180px;
    align-content: center;
    padding: 16px 16px 32px;
  }
  .chart-plot {
    overflow: hidden;
    touch-action: pan-y;
  }
  .chart-plot.opens:has(.band) {
    cursor: pointer;
  }
  .chart-plot:focus-visible {
    outline-offset: -4px;
  }
  .drawing {
    display: block;
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .drawing text {
    fill: var(--wd-muted);
  }
  .drawing .grid {
    stroke: var(--wd-border);
    shape-rendering: crispEdges;
  }
  .drawing .band {
    fill: color-mix(in srgb, var(--wd-text) 8%, transparent);
  }
  .swatch {
    flex: none;
  }
  .chart .succeeded {
    --wd-tone: var(--wd-success);
  }
  .chart .retrying {
    --wd-tone: color-mix(in oklab, var(--wd-warning) 60%, #ffc53d);
  }
  .chart .failed {
    --wd-tone: var(--wd-danger);
  }
  .chart .typical {
    --wd-tone: var(--wd-accent);
  }
  .chart .slow {
    --wd-tone: var(--wd-muted);
  }
  pattern .plain {
    fill: var(--wd-tone);
  }
  pattern .stripe {
    stroke: var(--wd-background);
    stroke-opacity: 0.6;
  }
  .chart :is(.line, .points) {
    fill: none;
    stroke: var(--wd-tone);
    stroke-width: 2;
    stroke-linejoin: round;
  }
  .chart .slow .line {
    stroke-dasharray: 6 4;
  }
  .chart .points {
    stroke-width: 5;
    stroke-linecap: round;
  }
  .chart .hovered {
    stroke-width: 9;
  }
  .chart-tip {
    position: absolute;
    top: 16px;
    left: 0;
    z-index: 1;
    display: grid;
    gap: 4px;
    width: max-content;
    max-width: calc(100% - 16px);
    padding: 8px 12px;
    border: 1px solid var(--wd-border);
    border-radius: var(--wd-radius);
    background: var(--wd-background);
    box-shadow: var(--wd-shadow);
    pointer-events: none;
  }
  .chart-tip .row {
    flex-wrap: nowrap;
  }
  .chart-tip .apart {
    gap: 20px;
  }
  .chart-data {
    padding: 4px 16px 12px;
  }
  .chart-data > summary {
    width: fit-content;
    padding: 2px 0;
    color: var(--wd-muted);
    font-size: calc(0.8125 * var(--wd-rem));
    cursor: pointer;
  }
  .chart-data > summary:hover {
    color: var(--wd-text);
  }
  .chart-table {
    max-height: 320px;
    margin-top: 8px;
    border: 1px solid var(--wd-border);
    border-radius: var(--wd-radius);
    overflow: auto;
  }
  .chart-table .table :is(th, td) {
    padding: 6px 10px;
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .chart-table .table th {
    white-space: normal;
    vertical-align: bottom;
  }
  .chart-table thead th {
    position: sticky;
    top: 0;
    background: var(--wd-surface);
  }
  .chart-table .table tbody th {
    min-width: 128px;
    border-bottom: 0;
    color: inherit;
  }
  .chart-table .table tbody tr + tr th {
    border-top: 1px solid var(--wd-border);
  }
  @container dashboard (max-width: 560px) {
    .chart-table .table :is(th, td) {
      padding-inline: 6px;
    }
    .chart-table .table tbody th {
      min-width: 112px;
    }
  }
`;

export const detail = [head, overview, chart];
