import { css } from './css.js';

/** Styles that only one page needs. */
export const PAGES = css`
  .numbers {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(136px, 1fr));
    gap: 16px;
  }
  .figure dt {
    color: var(--muted);
    font-size: 14px;
    line-height: 16px;
    font-weight: 500;
  }
  .figure dd {
    display: grid;
    gap: 4px;
    margin-top: 8px;
  }
  .columns {
    display: grid;
    gap: 24px;
    align-items: start;
  }
  .columns > * {
    min-width: 0;
  }
  .lead {
    margin-bottom: 16px;
    color: var(--muted);
  }
  .lead .number {
    margin-right: 4px;
    color: var(--text);
  }
  .outcomes {
    margin-top: 8px;
  }
  .outcome {
    display: flex;
    justify-content: space-between;
    gap: 16px;
    padding-block: 8px;
    border-top: 1px solid var(--line);
  }
  .outcome:last-child {
    padding-bottom: 0;
  }
  .outcome dt::before {
    content: '';
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-right: 8px;
    border-radius: 50%;
    background: currentColor;
  }
  .outcome dd {
    font-weight: 600;
  }
  .outcome.good dt::before {
    color: var(--good);
  }
  .outcome.wait dt::before {
    color: var(--wait);
  }
  .outcome.bad dt::before {
    color: var(--bad);
  }

  .steps {
    display: grid;
    gap: 24px;
    counter-reset: step;
  }
  .steps li {
    position: relative;
    padding-left: 48px;
    counter-increment: step;
  }
  .steps li::before {
    content: counter(step);
    position: absolute;
    left: 0;
    top: 4px;
    width: 32px;
    border-radius: 16px;
    background: var(--accent-soft);
    color: var(--accent);
    font-weight: 650;
    line-height: 32px;
    text-align: center;
  }
  .steps p {
    color: var(--muted);
  }

  .open:has(form[action='/sign-in']) main {
    max-width: 448px;
    padding-top: 48px;
  }
  .one-click {
    display: grid;
    gap: 8px;
  }

  .copy {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-block: 8px 16px;
    padding: 8px 8px 8px 16px;
    border-radius: var(--radius);
    background: var(--sunken);
  }
  .copy:last-child {
    margin-bottom: 0;
  }
  .copy code {
    flex: 1 1 240px;
    min-width: 0;
  }

  @media (min-width: 900px) {
    .columns {
      grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    }
    .steps {
      grid-template-columns: 1fr 1fr;
    }
  }
  @media (max-width: 639px) {
    .card {
      padding: 16px;
    }
    .row > .actions {
      margin-left: -12px;
    }
    .stacking thead {
      display: none;
    }
    .stacking tr {
      display: block;
      padding-block: 12px;
      border-top: 1px solid var(--line);
    }
    .stacking :is(th, td) {
      display: flex;
      justify-content: space-between;
      gap: 16px;
      padding: 4px 0;
      border: 0;
      text-align: right;
    }
    .stacking td[data-label]::before {
      content: attr(data-label);
      color: var(--muted);
    }
    .stacking td.actions:not(:has(*)) {
      display: none;
    }
    .stacking td.actions {
      justify-content: end;
    }
  }
`;
