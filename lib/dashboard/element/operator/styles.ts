import { css } from 'lit';

export const operatorStyles = css`
  .operator-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 12px 16px;
  }
  .operator-head > form {
    display: flex;
    flex: 0 1 320px;
    gap: 8px;
    min-width: 0;
  }
  .attention > li {
    display: grid;
    grid-template-columns: 116px minmax(0, 1fr) auto;
    gap: 6px 16px;
    align-items: start;
    padding: 14px 20px;
  }
  .attention > li + li {
    border-top: 1px solid var(--wd-border);
  }
  .attention .where {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    margin-top: 2px;
  }
  .operator-figures {
    grid-template-columns: repeat(4, 1fr);
  }
  .figures .note {
    color: var(--wd-muted);
    font-size: calc(0.75 * var(--wd-rem));
    font-weight: 400;
  }
  .since {
    display: block;
  }
  .operator-table td {
    overflow-wrap: anywhere;
  }
  .operator-table :is(th, td):first-child {
    padding-inline-start: 20px;
  }
  .operator-table :is(th, td):last-child {
    padding-inline-end: 20px;
  }
  .operator-table .name {
    min-width: 160px;
  }
  .operator-table .who {
    min-width: 96px;
  }
  .operator-table summary {
    white-space: nowrap;
  }
  .toolbar > *,
  .moment .input {
    min-width: 0;
    max-width: 100%;
  }
  .moment {
    display: flex;
    gap: 8px;
    align-items: center;
    color: var(--wd-muted);
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .moment .input {
    width: auto;
  }
  .columns {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 16px;
    align-items: start;
  }
  .concerns {
    padding: 10px 12px;
    border-radius: var(--wd-radius);
    background: var(--wd-surface);
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .pre-wrap {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .progress {
    display: block;
    width: 100%;
    height: 8px;
    accent-color: var(--wd-accent);
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 16px;
  }
  .toolbar .input.grow {
    width: auto;
  }
  @container dashboard (max-width: 960px) {
    .operator-table :is(th, td):nth-child(n) {
      padding-inline: 8px;
    }
    .operator-table .name {
      min-width: 120px;
    }
  }
  @container dashboard (max-width: 900px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container dashboard (max-width: 720px) {
    .operator-head > form {
      flex: 1 1 100%;
    }
    .attention > li {
      grid-template-columns: minmax(0, 1fr);
      padding: 14px 16px;
    }
    .operator-table.cards tr {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 6px;
    }
    .operator-table.cards td:nth-child(n) {
      padding: 0;
    }
    .operator-table.cards td {
      display: grid;
      grid-template-columns: minmax(96px, 34%) minmax(0, 1fr);
      gap: 12px;
      text-align: var(--wd-start);
    }
    .operator-table.cards td:not(.bare)::before {
      content: attr(data-label);
      color: var(--wd-muted);
      font-size: calc(0.8125 * var(--wd-rem));
    }
    .operator-table.cards td:not(.bare) > * {
      grid-column: 2;
      justify-self: start;
      min-width: 0;
    }
    .operator-table.cards td.bare {
      display: block;
    }
    .operator-table :is(.name, .who) {
      min-width: 0;
    }
    .operator-table summary {
      white-space: normal;
    }
    .since {
      display: inline;
      margin-inline-start: 6px;
    }
  }
  @container dashboard (max-width: 560px) {
    .operator-figures {
      grid-template-columns: repeat(2, 1fr);
    }
    .pair {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
