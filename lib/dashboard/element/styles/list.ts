import { css } from 'lit';

export const list = css`
  /* Names and events share the width that the other columns leave. */
  .webhooks {
    table-layout: fixed;
  }
  .webhooks .events-cell {
    width: 28%;
  }
  .webhooks .health-cell {
    width: 216px;
  }
  .webhooks .switch-cell {
    width: 84px;
  }
  /* Shows enough of a name to recognize it. The webhook's own page shows all of it. */
  .endpoint-cell .name {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  .endpoint-cell .trouble {
    margin-top: 6px;
  }
  .endpoint-cell .notice {
    margin-top: 8px;
    padding: 8px 12px;
  }
  webhooks-missed:not(:has(.notice)) {
    position: absolute;
  }
  .chips {
    gap: 4px;
  }
  .chips > * {
    min-width: 0;
    max-width: 100%;
  }
  .chips .link {
    min-height: 24px;
    padding-inline: 4px;
  }
  .chips.unfolded {
    max-height: 240px;
    overflow: auto;
  }
  .table .switch {
    vertical-align: middle;
  }
  /* A live region stays on the page while it is empty. */
  .toolbar > [role='status']:empty {
    margin-inline-start: -8px;
  }
  .table-foot {
    padding: 0 16px 12px;
  }
  .spark {
    display: block;
    width: 96px;
    height: 24px;
  }
  .spark-none {
    fill: var(--wd-border);
  }
  .spark-good {
    fill: var(--wd-success);
  }
  .spark-late {
    fill: color-mix(in oklab, var(--wd-warning) 60%, #ffc53d);
  }
  .spark-bad {
    fill: var(--wd-danger);
  }
  .health {
    gap: 12px;
    flex-wrap: nowrap;
    min-width: 176px;
  }
  @container dashboard (max-width: 720px) {
    .health {
      min-width: 0;
    }
  }
`;
