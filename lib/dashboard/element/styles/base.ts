import { css } from 'lit';

export const base = css`
  :host {
    display: block;
    container: dashboard / inline-size;
    font: 400 calc(0.875 * var(--wd-rem))/1.5 var(--wd-font);
    color: var(--wd-text);
    text-align: var(--wd-start);
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
    unicode-bidi: plaintext;
  }
  /* Ids, patterns, URLs and JSON begin on the left, whatever their text. */
  code,
  pre,
  .mono,
  .chip,
  .ltr {
    direction: ltr;
    unicode-bidi: isolate;
  }
  pre {
    text-align: left;
  }
  h2,
  h3,
  h4,
  h5,
  p,
  dl,
  dd,
  ul,
  ol,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: calc(1.25 * var(--wd-rem));
    line-height: 1.4;
    font-weight: 600;
    letter-spacing: -0.01em;
  }
  h3 {
    font-size: calc(0.9375 * var(--wd-rem));
    font-weight: 600;
  }
  h4 {
    font-size: calc(0.8125 * var(--wd-rem));
    font-weight: 600;
  }
  :is(h2, h3, h4, h5):focus {
    outline: none;
  }
  code,
  pre,
  .mono {
    font-family: var(--wd-mono);
    font-size: calc(0.8125 * var(--wd-rem));
  }
  pre {
    margin: 0;
  }
  a {
    color: var(--wd-accent);
  }
  :focus-visible {
    outline: 2px solid var(--wd-accent);
    outline-offset: 2px;
  }
  .muted {
    color: var(--wd-muted);
  }
  .small {
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .numeric {
    font-variant-numeric: tabular-nums;
  }
  .nowrap {
    white-space: nowrap;
  }
  .truncate {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    min-width: 0;
  }
  .break {
    overflow-wrap: anywhere;
  }
  .sr-only {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .stack {
    display: grid;
    gap: 16px;
    grid-template-columns: minmax(0, 1fr);
  }
  .stack.loose {
    gap: 24px;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    flex-wrap: wrap;
  }
  .row.apart {
    justify-content: space-between;
  }
  @container dashboard (min-width: 561px) {
    .narrow-only {
      display: none !important;
    }
  }
  @container dashboard (max-width: 560px) {
    .stack {
      gap: 12px;
    }
    .wide-only {
      display: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 0.01ms !important;
      transition-duration: 0.01ms !important;
    }
  }
`;
