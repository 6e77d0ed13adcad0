import { css } from 'lit';

const head = css`
  .back {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-inline-start: -4px;
    color: var(--muted);
    font-weight: 500;
  }
  .detail-url {
    margin-top: 4px;
    min-width: 0;
  }
  .detail-url > code {
    min-width: 0;
    color: var(--muted);
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
    background: color-mix(in srgb, var(--tone, var(--neutral)) 6%, var(--background));
  }
  .notices .row {
    margin-top: 8px;
  }
`;

const overview = css`
  .segments {
    display: inline-flex;
    padding: 2px;
    border: 1px solid var(--border);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .segments > button {
    min-height: 28px;
    padding: 2px 12px;
    border: 0;
    border-radius: calc(var(--radius) - 3px);
    background: none;
    color: var(--muted);
    font-size: 0.8125rem;
    font-weight: 500;
    cursor: pointer;
  }
  .segments > :hover {
    color: var(--text);
  }
  .segments > [aria-pressed='true'] {
    background: var(--background);
    box-shadow: 0 0 0 1px var(--strong-border);
    color: var(--text);
  }
  .outdated {
    opacity: 0.5;
  }
  /* Lines between the cells are the gaps through which the border's colour shines. */
  .figures {
    display: grid;
    grid-template-columns: repeat(6, 1fr);
    gap: 1px;
    overflow: hidden;
    background: var(--border);
  }
  .figures > div {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    gap: 4px;
    padding: 14px 16px;
    background: var(--background);
  }
  .figures dt {
    color: var(--muted);
    font-size: 0.75rem;
  }
  .figures dd {
    color: var(--tone, inherit);
    font-size: 1.25rem;
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
    color: var(--muted);
    font-size: 0.8125rem;
  }
  .legend > li {
    gap: 6px;
  }
  .chart-area {
    position: relative;
    padding: 8px 8px 0;
  }
  .chart-area > .empty {
    min-height: 180px;
    align-content: center;
    padding: 16px 16px 32px;
  }
  .chart-probes {
    position: absolute;
    visibility: hidden;
  }
  .chart-probes > i {
    transition: color 1ms;
  }
  .swatch {
    flex: none;
    width: 12px;
    height: 12px;
    border-radius: 3px;
    background: var(--success);
  }
  .swatch.retrying {
    background: repeating-linear-gradient(
      -45deg,
      var(--warning) 0 2.5px,
      color-mix(in srgb, var(--warning) 40%, var(--background)) 2.5px 4px
    );
  }
  .swatch.failed {
    background:
      repeating-linear-gradient(
        -45deg,
        transparent 0 3px,
        color-mix(in srgb, var(--background) 60%, transparent) 3px 4px
      ),
      repeating-linear-gradient(
        45deg,
        var(--danger) 0 3px,
        color-mix(in srgb, var(--danger) 40%, var(--background)) 3px 4px
      );
  }
  .swatch.typical,
  .swatch.slow {
    width: 18px;
    height: 0;
    border-top: 2px solid var(--accent);
    border-radius: 0;
    background: none;
  }
  .swatch.slow {
    border-top: 2px dashed var(--muted);
  }
  .chart-band {
    position: absolute;
    inset: 16px auto 28px 0;
    margin-left: 8px;
    background: color-mix(in srgb, var(--text) 8%, transparent);
    pointer-events: none;
  }
  .chart-tip {
    position: absolute;
    top: 16px;
    left: 0;
    z-index: 1;
    display: grid;
    gap: 4px;
    margin-left: 8px;
    width: max-content;
    max-width: calc(100% - 16px);
    padding: 8px 12px;
    border: 1px solid var(--border);
    border-radius: var(--radius);
    background: var(--background);
    box-shadow: var(--shadow);
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
    color: var(--muted);
    font-size: 0.8125rem;
    cursor: pointer;
  }
  .chart-data > summary:hover {
    color: var(--text);
  }
  .chart-table {
    max-height: 320px;
    margin-top: 8px;
    border: 1px solid var(--border);
    border-radius: var(--radius);
    overflow: auto;
  }
  .chart-table .table :is(th, td) {
    padding: 6px 10px;
    font-size: 0.8125rem;
  }
  .chart-table .table th {
    white-space: normal;
    vertical-align: bottom;
  }
  .chart-table thead th {
    position: sticky;
    top: 0;
    background: var(--surface);
  }
  .chart-table .table tbody th {
    min-width: 128px;
    border-bottom: 0;
    color: inherit;
  }
  .chart-table .table tbody tr + tr th {
    border-top: 1px solid var(--border);
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

/** The rules that uPlot needs, of its own sheet. */
const plot = css`
  .uplot {
    position: relative;
    width: min-content;
  }
  .u-wrap {
    position: relative;
    user-select: none;
  }
  .u-over,
  .u-under,
  .u-axis,
  .u-select {
    position: absolute;
  }
  .u-under {
    overflow: hidden;
  }
  .uplot canvas {
    display: block;
    position: relative;
    width: 100%;
    height: 100%;
  }
  .u-cursor-pt {
    position: absolute;
    top: 0;
    left: 0;
    border-radius: 50%;
    pointer-events: none;
    will-change: transform;
    background-clip: padding-box !important;
  }
  .u-select,
  .u-off {
    display: none;
  }
`;

export const detail = [head, overview, chart, plot];
