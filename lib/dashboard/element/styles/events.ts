import { css } from 'lit';

const list = css`
  .event-type-cell {
    width: 45%;
  }
  .counts .success,
  .counts .failure {
    color: var(--wd-tone);
  }
  .events-problem,
  .event-none,
  .event-limit,
  .filtered-out {
    padding: 12px 20px;
  }
  .event-none {
    padding: 20px;
  }
  .event-limit {
    border-bottom: 1px solid var(--wd-border);
  }
  .event-facts {
    align-items: center;
  }
  @container dashboard (min-width: 721px) {
    .event-deliveries .table :is(th, td):first-child {
      padding-inline-start: 20px;
    }
  }
  .event-body {
    padding: 20px;
  }
  .event-body pre {
    max-height: 480px;
  }
  .facts code {
    overflow-wrap: anywhere;
  }
  @container dashboard (max-width: 720px) {
    .event-type-cell {
      width: auto;
      flex: 1 1 100%;
    }
    .event-filters .input {
      flex: 1 1 140px;
      min-width: 0;
    }
    .table.cards td[data-label]::before {
      content: attr(data-label) ' ';
      color: var(--wd-muted);
    }
  }
  @container dashboard (max-width: 560px) {
    .event-body {
      padding: 12px;
    }
  }
`;

const catalogue = css`
  .catalogue {
    display: grid;
    grid-template-columns: 232px minmax(0, 1fr);
    gap: 40px;
    align-items: start;
  }
  .catalogue-side {
    position: sticky;
    top: 16px;
    display: flex;
    flex-direction: column;
    gap: 12px;
    max-height: calc(100dvh - 32px);
  }
  .catalogue-side > .input {
    flex: none;
  }
  .catalogue-side > select {
    display: none;
  }
  .catalogue-side > nav {
    min-height: 0;
    /* Leaves room for focus outlines. */
    padding: 3px;
    margin: -3px;
    overflow: auto;
    overscroll-behavior: contain;
  }
  .catalogue-side h3 {
    padding: 12px 8px 4px;
    font-weight: 500;
  }
  .side-link {
    display: block;
    width: 100%;
    padding: 4px 8px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: inherit;
    text-align: var(--wd-start);
    text-decoration: none;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .side-link:hover {
    background: color-mix(in srgb, var(--wd-text) 6%, transparent);
  }
  .side-link[aria-current='page'] {
    background: color-mix(in srgb, var(--wd-accent) 12%, transparent);
    color: var(--wd-accent);
    font-weight: 500;
  }
  .type {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    /* The browser skips the layout of types out of view, however many there are. */
    content-visibility: auto;
    contain-intrinsic-size: auto 480px;
  }
  .type[hidden] {
    display: none;
  }
  .type > h3 {
    font-size: calc(1.0625 * var(--wd-rem));
    scroll-margin-top: 36px;
  }
  .type-parts {
    display: grid;
    grid-template-columns: minmax(0, 6fr) minmax(0, 5fr);
    gap: 16px 32px;
    margin-top: 8px;
    align-items: start;
  }
  .type-parts h4 {
    padding-bottom: 8px;
  }
  /* Gives the heading the height of one with a button beside it. */
  .type-parts > div > h4:first-child {
    padding: 4px 0 12px;
  }
  .type-parts .row {
    min-height: 28px;
    padding-bottom: 8px;
  }
  .type-parts .row > h4 {
    padding: 0;
  }
  .type-parts * + h4 {
    padding-top: 20px;
  }
  .type .code pre {
    max-height: none;
  }
  .guide-facts {
    grid-template-columns: minmax(72px, 96px) minmax(0, 1fr);
    gap: 8px 16px;
  }
  @container dashboard (max-width: 1000px) {
    .type-parts {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container dashboard (max-width: 720px) {
    .catalogue {
      grid-template-columns: minmax(0, 1fr);
      gap: 24px;
    }
    .catalogue-side {
      position: static;
      max-height: none;
    }
    .catalogue-side > select {
      display: block;
      width: 100%;
    }
    .catalogue-side > nav {
      display: none;
    }
  }
`;

const definitions = css`
  .definitions {
    width: 100%;
    border-collapse: collapse;
  }
  .definitions th,
  .definitions td {
    padding: 8px 0;
    border-top: 1px solid var(--wd-border);
    text-align: var(--wd-start);
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .definitions th {
    width: 44%;
    padding-inline-end: 16px;
    font-weight: 400;
  }
  .definitions th > code {
    display: block;
    font-weight: 600;
  }
  .definitions td {
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .definitions .depth-1 {
    padding-inline-start: 16px;
  }
  .definitions .depth-2 {
    padding-inline-start: 32px;
  }
  .definitions .depth-3 {
    padding-inline-start: 48px;
  }
  .definitions .depth-4,
  .definitions .depth-5,
  .definitions .depth-6 {
    padding-inline-start: 64px;
  }
  .definitions .chip {
    vertical-align: bottom;
  }
  .definitions summary {
    color: var(--wd-accent);
    cursor: pointer;
  }
`;

const guide = css`
  .guide {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    overflow-wrap: anywhere;
  }
  .guide :is(h3, h4, h5) {
    scroll-margin-top: 16px;
  }
  /* Leaves room for the language tabs, which stay in view above it. */
  .guide .snippet-content h5 {
    scroll-margin-top: 64px;
  }
  .guide h3 {
    padding-bottom: 6px;
    border-bottom: 1px solid var(--wd-border);
    font-size: calc(1.25 * var(--wd-rem));
  }
  .guide * + h3 {
    margin-top: 28px;
  }
  .guide h4 {
    margin-top: 12px;
    font-size: var(--wd-rem);
  }
  .guide h5 {
    font-size: calc(0.875 * var(--wd-rem));
  }
  .anchor {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: var(--wd-start);
    text-decoration: none;
    cursor: pointer;
  }
  .anchor:hover {
    text-decoration: underline;
  }
  .guide :is(ul, ol) {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    padding-inline-start: 24px;
    list-style: revert;
  }
  .guide :is(p, li, td) > code {
    padding: 1px 4px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--wd-text) 6%, transparent);
  }
  .muted > .link,
  .guide :is(p, li, td) > .link {
    text-decoration: underline;
  }
  .guide blockquote {
    margin: 0;
    padding-inline-start: 12px;
    border-inline-start: 3px solid var(--wd-border);
  }
  .guide .code pre {
    max-height: none;
    white-space: pre;
    overflow-wrap: normal;
    tab-size: 4;
  }
  .guide-table {
    overflow-x: auto;
  }
  .guide-table table {
    border-collapse: collapse;
    font-size: calc(0.8125 * var(--wd-rem));
    overflow-wrap: normal;
  }
  .guide-table :is(th, td) {
    padding: 6px 10px;
    border: 1px solid var(--wd-border);
    text-align: var(--wd-start);
    vertical-align: top;
  }
  .side-link.level-3 {
    padding-inline-start: 20px;
  }
  .side-link.level-4 {
    padding-inline-start: 32px;
    font-size: calc(0.8125 * var(--wd-rem));
  }
`;

export const events = [list, catalogue, definitions, guide];
