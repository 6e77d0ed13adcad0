import { css } from './css.js';

/** Cards and their contents. */
export const COMPONENTS = css`
  .card {
    min-width: 0;
    padding: 24px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--surface);
    box-shadow: var(--shadow);
  }
  .card > h2 {
    margin-bottom: 16px;
  }
  .card.form > h2 {
    margin-bottom: 0;
  }
  .card-head {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 16px;
    margin-bottom: 16px;
  }
  .card.highlight {
    border-color: var(--accent);
  }
  .empty {
    color: var(--muted);
  }
  .card.empty {
    display: grid;
    gap: 16px;
    justify-items: center;
    padding-block: 48px;
    text-align: center;
  }
  .notice {
    padding: 12px 16px;
    border-radius: var(--radius);
    background: var(--accent-soft);
  }
  .notice:empty {
    display: none;
  }
  .notice.good {
    background: var(--good-soft);
    color: var(--good);
  }
  .notice.bad {
    background: var(--bad-soft);
    color: var(--bad);
  }

  .badge {
    display: inline-block;
    padding: 2px 10px;
    border-radius: 12px;
    background: var(--sunken);
    color: var(--muted);
    font-size: 13px;
    line-height: 20px;
    font-weight: 600;
    white-space: nowrap;
  }
  .badge.good {
    background: var(--good-soft);
    color: var(--good);
  }
  .badge.wait {
    background: var(--wait-soft);
    color: var(--wait);
  }
  .badge.bad {
    background: var(--bad-soft);
    color: var(--bad);
  }

  .tabs ul {
    display: flex;
    gap: 24px;
    border-bottom: 1px solid var(--line);
  }
  .tabs a {
    display: block;
    margin-bottom: -1px;
    padding: 8px 0 14px;
    border-bottom: 2px solid transparent;
    color: var(--muted);
    font-weight: 500;
    text-decoration: none;
  }
  .tabs a:hover {
    color: var(--text);
  }
  .tabs a[aria-current] {
    border-color: var(--accent);
    color: var(--accent);
  }

  .rows {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    padding-block: 16px;
    border-top: 1px solid var(--line);
  }
  .row:last-child {
    padding-bottom: 0;
  }
  .row:target {
    scroll-margin-top: 96px;
  }
  .row-main {
    flex: 1 1 240px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .post .meta {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  .post .content {
    margin-block: 8px;
    white-space: pre-line;
  }
  .pager {
    display: flex;
    justify-content: space-between;
    margin-top: 24px;
  }

  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 12px 16px 12px 0;
    border-top: 1px solid var(--line);
    text-align: left;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  thead th {
    padding-block: 0 8px;
    border: 0;
    color: var(--muted);
    font-size: 14px;
  }
  tbody th {
    font-weight: 600;
  }
  td.actions {
    display: table-cell;
    padding-block: 4px;
    padding-right: 0;
    text-align: right;
  }
  td code {
    white-space: nowrap;
  }
`;
