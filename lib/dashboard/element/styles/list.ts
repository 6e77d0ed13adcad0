import { css } from 'lit';

export const list = css`
  .endpoint-cell {
    max-width: 380px;
  }
  .endpoint-cell .badge {
    flex: none;
  }
  .chips {
    gap: 4px;
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
    fill: var(--border);
  }
  .spark-good {
    fill: var(--success);
  }
  .spark-bad {
    fill: var(--danger);
  }
  .health {
    gap: 12px;
    flex-wrap: nowrap;
    min-width: 176px;
  }
  @container dashboard (max-width: 720px) {
    .endpoint-cell {
      max-width: none;
    }
    .health {
      min-width: 0;
    }
  }
`;
