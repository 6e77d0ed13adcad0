import { css } from './css.js';

/** The page of the demo receiver. */
export const RECEIVER = css`
  .intro {
    color: var(--muted);
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 16px 24px;
  }
  .controls select {
    min-width: 128px;
  }
  .controls .actions {
    flex: 1;
    justify-content: end;
  }
  .answering {
    min-width: 144px;
  }
  .answering .badge {
    justify-self: start;
    margin-block: 8px;
  }
  .secret {
    padding-block: 16px;
  }
  .secret[open] > * + * {
    margin-top: 16px;
  }
  summary {
    width: fit-content;
    color: var(--accent);
    font-weight: 500;
    cursor: pointer;
  }
  .arrivals {
    display: grid;
    gap: 16px;
  }
  .arrival {
    display: grid;
    gap: 8px;
    padding: 16px 24px;
  }
  .arrival-head,
  .verdicts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .arrival-head time {
    margin-left: auto;
  }
  .verdicts {
    gap: 4px 24px;
    font-size: 14px;
    line-height: 24px;
  }
  .verdict .good {
    color: var(--good);
    font-weight: 600;
  }
  .verdict .bad {
    color: var(--bad);
    font-weight: 600;
  }
  .arrival .id {
    font-family: var(--mono);
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .arrival pre {
    max-height: 400px;
    margin-top: 8px;
    padding: 16px;
    border-radius: var(--radius);
    background: var(--sunken);
    overflow: auto;
    white-space: pre-wrap;
  }

  @media (max-width: 639px) {
    .arrival {
      padding: 16px;
    }
    .controls .actions button {
      flex: 1 1 auto;
    }
    .controls .actions {
      justify-content: stretch;
    }
  }
`;
