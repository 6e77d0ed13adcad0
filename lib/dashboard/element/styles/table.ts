import { css } from 'lit';

/** Tables. On a narrow dashboard, the rows are cards. */
export const table = css`
  .table {
    width: 100%;
    border-collapse: collapse;
  }
  .table th {
    padding: 10px 16px;
    border-bottom: 1px solid var(--wd-border);
    color: var(--wd-muted);
    font-size: calc(0.75 * var(--wd-rem));
    font-weight: 500;
    text-align: var(--wd-start);
    white-space: nowrap;
  }
  .table td {
    padding: 12px 16px;
    vertical-align: middle;
  }
  .table tbody tr + tr td {
    border-top: 1px solid var(--wd-border);
  }
  .table tbody + tbody tr:first-child td {
    border-top: 1px solid var(--wd-border);
  }
  .table td.space {
    padding: 0;
  }
  .table tbody tr:hover {
    background: color-mix(in srgb, var(--wd-text) 3%, transparent);
  }
  tr.opens {
    cursor: pointer;
  }
  .table .end {
    text-align: var(--wd-end);
  }
  .table .tight {
    width: 1%;
    white-space: nowrap;
  }
  @container dashboard (max-width: 720px) {
    .table.cards thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .table.cards,
    .table.cards tbody {
      display: block;
    }
    .table.cards tr {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 16px;
      padding: 14px 16px;
    }
    .table.cards tbody tr + tr,
    .table.cards tbody + tbody tr:first-child {
      border-top: 1px solid var(--wd-border);
    }
    .table.cards td {
      display: block;
      padding: 0;
      border: 0 !important;
      width: auto;
    }
    .table.cards td.end {
      margin-inline-start: auto;
    }
    .table.cards td.wide {
      flex: 1 1 100%;
      min-width: 0;
    }
  }
`;
