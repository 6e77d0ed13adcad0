import { css } from 'lit';

export const form = css`
  .problem .line {
    display: block;
  }
  textarea.mono {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .form {
    max-width: 760px;
  }
  .form-switch {
    display: flex;
    gap: 12px;
    align-items: flex-start;
  }
  .input.rateLimit {
    max-width: 160px;
  }
  legend {
    padding: 0;
  }
  .header-rows,
  .choices,
  .snug {
    display: grid;
    gap: 8px;
    min-width: 0;
  }
  .choices {
    gap: 0;
  }
  .picker[data-problem] {
    border-color: var(--wd-danger);
  }
  .picker > :not(legend) {
    padding: 12px 20px;
  }
  .picker > .picker-head ~ * {
    border-top: 1px solid var(--wd-border);
  }
  .picker-head {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: baseline;
    justify-content: space-between;
  }
  .picker-head .problem {
    flex-basis: 100%;
  }
  .picker-types {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr));
    gap: 2px 16px;
    padding-inline-start: 24px;
  }
  .choice {
    display: flex;
    gap: 10px;
    align-items: flex-start;
    padding: 4px 0;
    cursor: pointer;
  }
  .choice > span {
    min-width: 0;
  }
  .choice .hint {
    display: block;
  }
  .whole {
    font-weight: 600;
  }
  .whole .hint,
  .whole .muted {
    font-weight: 400;
  }
  .whole .muted {
    margin-inline-start: 4px;
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .whole .chip,
  .event-facts .chip {
    vertical-align: top;
  }
  .more-options summary,
  .test-response summary {
    font-weight: 500;
    cursor: pointer;
  }
  .more-options summary .hint {
    margin-inline-start: 4px;
    font-weight: 400;
  }
  .more-options.card > summary {
    padding: 14px 20px;
  }
  .more-options.card > div {
    padding: 4px 20px 20px;
  }
  .more-options > .code {
    margin-top: 8px;
  }
  .header-row {
    display: grid;
    grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
    gap: 8px;
  }
  .filter-row {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr) minmax(0, 3fr) auto;
    gap: 8px;
  }
  .filter-row .problem,
  .header-row .problem {
    grid-column: 1 / -1;
  }
  .nested {
    padding-inline-start: 14px;
    border-inline-start: 2px solid var(--wd-border);
  }
  .insert {
    justify-self: start;
  }
  hr {
    width: 100%;
    border: 0;
    border-top: 1px solid var(--wd-border);
  }
  .section-body {
    padding: 16px 20px 20px;
  }
  .secret {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    padding: 10px 12px;
    border: 1px solid var(--wd-border);
    border-radius: var(--wd-radius);
    background: var(--wd-surface);
  }
  .secret > code {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .secret .button {
    background: var(--wd-background);
  }
  .previous-secret {
    gap: 8px;
  }
  webhooks-languages,
  .snippet-content {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }
  .snippet-tabs {
    display: flex;
    flex-wrap: wrap;
  }
  .snippet-tabs > button {
    padding: 4px 10px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--wd-muted);
    font-weight: 500;
    cursor: pointer;
  }
  .snippet-tabs > [aria-selected='true'] {
    background: color-mix(in srgb, var(--wd-accent) 14%, transparent);
    color: var(--wd-accent);
  }
  /* The summary above it says the same. */
  .test-response caption {
    font-size: 0;
    padding: 2px;
  }
  /* Stays on the page for screen readers, but takes no room. */
  .test-outcome:not(:has(*)) {
    position: absolute;
  }
  .bullets {
    display: grid;
    gap: 4px;
    padding-inline-start: 18px;
    list-style: disc;
  }
  .event-facts,
  .header-facts {
    display: grid;
    gap: 6px;
  }
  .pre-line {
    white-space: pre-line;
  }
  @container dashboard (max-width: 560px) {
    .picker-types {
      padding-inline-start: 0;
    }
    .header-row {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .filter-row {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) auto;
    }
    .filter-row > :nth-child(1) {
      grid-column: 1 / -1;
    }
    .header-row > :nth-child(2) {
      grid-row: 2;
    }
    .picker > :not(legend) {
      padding: 12px 16px;
    }
    .section-body {
      padding: 14px 16px 16px;
    }
    .more-options.card > summary {
      padding: 12px 16px;
    }
    .more-options.card > div {
      padding: 4px 16px 16px;
    }
    .secret {
      flex-wrap: wrap;
    }
    .snippet-tabs > button {
      padding: 4px 7px;
    }
  }
`;
