import { css } from 'lit';

/** The delivery log, its drawer and the recovery. */
export const log = css`
  .stack.tight {
    gap: 8px;
  }
  .log-bar {
    justify-content: space-between;
    gap: 12px 16px;
  }
  .log-filters,
  .log-period {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .log-bar > [type='search'] {
    flex-basis: 200px;
  }
  .log-filters {
    order: 1;
    flex: 1 1 100%;
  }
  .log-filters select {
    max-width: 180px;
  }
  .attempted {
    order: 1;
    margin-inline-end: auto;
  }
  .selection {
    padding: 8px 16px;
    border: 1px solid var(--wd-border);
    border-radius: var(--wd-radius);
    background: color-mix(in srgb, var(--wd-accent) 8%, transparent);
  }
  .more {
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .log-check {
    z-index: 1;
  }
  .log-check label {
    display: grid;
    place-items: center;
    margin: -6px;
    width: 28px;
    height: 32px;
    cursor: pointer;
  }
  .log-check input {
    margin: 0;
  }
  /* Appears below the actions, although it comes before them in the page. */
  .log-period {
    order: 1;
    flex: 1 1 100%;
  }
  .log-time {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .log-time .input {
    width: auto;
  }
  .log-actions {
    margin-inline-start: auto;
  }
  .log-live {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .log-live::before {
    content: '';
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--wd-strong-border);
  }
  .log-live.on::before {
    background: var(--wd-success);
    animation: pulse 2.4s ease-in-out infinite;
  }
  .log-problem {
    padding: 12px 16px;
    border-bottom: 1px solid var(--wd-border);
  }
  .log-stale {
    opacity: 0.6;
  }
  .log,
  .log thead,
  .log tbody {
    display: block;
  }
  .log tr {
    position: relative;
    display: grid;
    grid-template-columns: 16px 128px minmax(0, 1fr) 100px 52px minmax(88px, 0.5fr) 56px minmax(72px, 0.3fr);
    gap: 12px;
    align-items: center;
    padding: 10px 16px;
    text-align: var(--wd-start);
  }
  .log tbody tr {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 43px;
  }
  .log tr + tr,
  .log tbody tr:first-child {
    border-top: 1px solid var(--wd-border);
  }
  .log tbody tr:hover {
    background: color-mix(in srgb, var(--wd-text) 3%, transparent);
  }
  .log th,
  .log td {
    padding: 0;
    min-width: 0;
    text-align: var(--wd-start);
  }
  .log th {
    color: var(--wd-muted);
    font-size: calc(0.75 * var(--wd-rem));
    font-weight: 500;
  }
  .log-type {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    overflow-wrap: anywhere;
  }
  /* Makes the whole row clickable. Elements with a tooltip stay above this. */
  .log-open::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .log-open:focus-visible {
    outline: none;
  }
  .log-open:focus-visible::after {
    outline: 2px solid var(--wd-accent);
    outline-offset: -2px;
  }
  .log time {
    position: relative;
  }
  dialog.drawer .code pre {
    max-height: 400px;
  }
  .facts.aligned {
    align-items: baseline;
  }
  .attempts > li + li {
    border-top: 1px solid var(--wd-border);
  }
  .attempt summary {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 10px 16px;
    cursor: pointer;
  }
  .attempt summary:focus-visible {
    outline-offset: -2px;
  }
  .attempt summary::before {
    content: '';
    width: 7px;
    height: 7px;
    border: solid var(--wd-muted);
    border-width: 0 1.6px 1.6px 0;
    transform: rotate(-45deg);
  }
  :host(:dir(rtl)) .attempt:not([open]) summary::before {
    transform: rotate(135deg);
  }
  .attempt[open] summary::before {
    transform: rotate(45deg);
  }
  .attempt-number {
    font-weight: 600;
  }
  .attempt-time {
    margin-inline-start: auto;
  }
  /* Puts the response beside the request if the width allows. */
  .exchange {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(380px, 100%), 1fr));
    gap: 16px 24px;
    padding: 4px 16px 16px;
  }
  .exchange > .stack {
    align-content: start;
  }
  .timeline {
    display: grid;
    gap: 8px;
  }
  .timeline > ol {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 4px;
  }
  .timeline li {
    display: flex;
    flex: 1 1 0;
    align-items: center;
    gap: 4px;
    min-width: 96px;
  }
  .timeline-gap {
    display: flex;
    flex: 1;
    align-items: center;
    gap: 6px;
    white-space: nowrap;
  }
  .timeline-gap::before,
  .timeline-gap::after {
    content: '';
    flex: 1;
    border-top: 2px solid var(--wd-strong-border);
  }
  .timeline-point {
    display: grid;
    flex: none;
    place-items: center;
    width: 24px;
    height: 24px;
    padding: 0;
    border: 1px solid transparent;
    border-radius: 50%;
    background: var(--wd-tone);
    color: var(--wd-background);
    cursor: pointer;
  }
  .planned .timeline-point {
    border: 2px dashed var(--wd-strong-border);
    background: none;
    color: var(--wd-muted);
    cursor: default;
  }
  .planned .timeline-gap::before,
  .planned .timeline-gap::after {
    border-top-style: dashed;
  }
  .steps {
    flex: none;
    flex-wrap: nowrap;
    gap: 4px;
  }
  .steps .newer svg {
    transform: rotate(90deg);
  }
  .steps .older svg {
    transform: rotate(-90deg);
  }
  .request-line > code {
    flex: 1 1 200px;
    min-width: 0;
  }
  webhooks-curl {
    display: contents;
  }
  /* A live region stays on the page while it is empty. */
  .curl:not(:has(> *)) {
    position: absolute;
  }
  .curl,
  webhooks-curl > .code {
    flex: 1 1 100%;
    min-width: 0;
  }
  .headers {
    width: 100%;
    border-collapse: collapse;
    table-layout: fixed;
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .headers caption {
    padding-bottom: 4px;
    font-weight: 600;
    text-align: var(--wd-start);
  }
  .headers th,
  .headers td {
    direction: ltr;
    unicode-bidi: isolate;
    padding: 4px 0;
    border-top: 1px solid var(--wd-border);
    font-family: var(--wd-mono);
    font-weight: 400;
    text-align: var(--wd-start);
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .headers th {
    width: 38%;
    padding-inline-end: 12px;
    color: var(--wd-muted);
  }
  :host(:dir(rtl)) .headers th {
    padding-inline: 12px 0;
  }
  /* The badge's own tint on top of the notice's would leave too little contrast. */
  .outcome .badge {
    background: var(--wd-background);
  }
  .outcome .badge.plain {
    --wd-tone: var(--wd-neutral);
  }
  .resend-status {
    flex: 1 1 200px;
    min-width: 0;
  }
  .recover-range {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(232px, 100%), 1fr));
    gap: 16px;
    align-items: start;
  }
  .recover-preview {
    min-height: 46px;
    align-content: center;
  }
  .recover-progress {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 8px;
  }
  .recover-outcomes {
    gap: 4px 16px;
    font-weight: 500;
  }
  .recover-outcomes > :not(.muted) {
    color: var(--wd-tone, inherit);
  }
  progress {
    flex: 1 1 100%;
    height: 8px;
    border: 0;
    border-radius: 4px;
    background: color-mix(in srgb, var(--wd-text) 10%, transparent);
    overflow: hidden;
    appearance: none;
  }
  progress::-webkit-progress-bar {
    background: transparent;
  }
  progress::-webkit-progress-value {
    background: var(--wd-accent);
    transition: inline-size 300ms;
  }
  progress::-moz-progress-bar {
    background: var(--wd-accent);
  }
  @container dashboard (max-width: 720px) {
    .log thead th:not(.log-check) {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .log tr {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 16px;
      padding: 12px 16px;
    }
    .log tbody tr {
      contain-intrinsic-block-size: auto 96px;
    }
    .log-created {
      order: -1;
      margin-inline-start: auto;
    }
    .log-check {
      order: -3;
    }
    .log-status {
      order: -2;
    }
    .log-type {
      flex: 1 1 100%;
    }
    .log td[data-label] {
      font-size: calc(0.8125 * var(--wd-rem));
    }
    .log td[data-label]::before {
      content: attr(data-label) ': ';
      color: var(--wd-muted);
    }
    .log td.log-duration::before {
      content: none;
    }
    .log thead tr {
      padding-block: 8px;
    }
    .log thead label {
      display: flex;
      gap: 12px;
      align-items: center;
      margin: 0;
      width: auto;
    }
    .log thead label::after {
      content: attr(data-label);
    }
    .log td:nth-last-child(-n + 2):not([data-label]) {
      display: none;
    }
    .log-filters {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      flex: 1 1 100%;
    }
    .log-filters select,
    .log-time .input {
      width: 100%;
      max-width: none;
    }
    .log-time {
      flex: 1 1 100%;
    }
    .log-time span {
      flex: none;
      width: 40px;
    }
    .log-actions {
      flex: 1 1 100%;
    }
    .log-actions > :last-child {
      margin-inline-start: auto;
    }
    .attempt-time {
      margin-inline-start: 0;
    }
  }
  @container dashboard (max-width: 560px) {
    .log-filters:not(.unfolded) {
      display: none;
    }
    .log-actions {
      justify-content: space-between;
      gap: 4px;
    }
  }
`;
