import { css } from 'lit';

export const layout = css`
  .dashboard {
    display: grid;
    gap: 24px;
    grid-template-columns: minmax(0, 1fr);
  }
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    border-bottom: 1px solid var(--wd-border);
  }
  .tabs > * {
    padding: 8px 2px 10px;
    border: 0;
    border-bottom: 2px solid transparent;
    margin-bottom: -1px;
    background: none;
    color: var(--wd-muted);
    font: inherit;
    font-weight: 500;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
  }
  .tabs > :hover {
    color: var(--wd-text);
  }
  .tabs > :focus-visible {
    outline-offset: -2px;
  }
  .tabs > [aria-current='page'] {
    border-color: var(--wd-accent);
    color: var(--wd-text);
  }
  /* Looks different from the tabs of the page around it, and from those below it. */
  .tabs.main {
    gap: 4px;
    border: 0;
  }
  .tabs.main > * {
    margin: 0;
    padding: 6px 12px;
    border: 0;
    border-radius: var(--wd-radius);
  }
  .tabs.main > [aria-current='page'] {
    background: color-mix(in srgb, var(--wd-accent) 12%, transparent);
    color: var(--wd-accent);
  }
  .page-head {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    justify-content: space-between;
    gap: 12px 16px;
  }
  .page-head > :first-child {
    min-width: 0;
    flex: 1 1 260px;
  }
  .card {
    border: 1px solid var(--wd-border);
    border-radius: calc(var(--wd-radius) + 2px);
    background: var(--wd-background);
    min-width: 0;
  }
  .card.padded {
    padding: 20px;
  }
  .card-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
    padding: 14px 20px;
    border-bottom: 1px solid var(--wd-border);
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .toolbar .grow {
    flex: 1 1 220px;
    min-width: 0;
  }
  .notice {
    display: grid;
    gap: 4px;
    padding: 12px 16px;
    border: 1px solid color-mix(in srgb, var(--wd-tone, var(--wd-neutral)) 35%, transparent);
    border-radius: var(--wd-radius);
    background: color-mix(in srgb, var(--wd-tone, var(--wd-neutral)) 8%, transparent);
  }
  .notice strong {
    color: var(--wd-tone, inherit);
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 8px;
    padding: 56px 24px;
    text-align: center;
  }
  .empty p {
    max-width: 44ch;
    color: var(--wd-muted);
  }
  .empty .button {
    margin-top: 8px;
  }
  .more {
    display: flex;
    justify-content: center;
    padding: 12px;
    border-top: 1px solid var(--wd-border);
  }
  .facts {
    display: grid;
    grid-template-columns: minmax(120px, 180px) minmax(0, 1fr);
    gap: 12px 16px;
  }
  .facts dt {
    color: var(--wd-muted);
  }
  .facts dd {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .skeleton {
    height: 14px;
    border-radius: 4px;
    background: color-mix(in srgb, var(--wd-text) 9%, transparent);
    animation: pulse 1.4s ease-in-out infinite;
  }
  .loading {
    padding: 20px;
  }
  .loading .skeleton:nth-child(3n) {
    width: 74%;
  }
  .loading .skeleton:nth-child(3n + 1) {
    width: 88%;
  }
  @keyframes pulse {
    50% {
      opacity: 0.45;
    }
  }
  @container dashboard (max-width: 560px) {
    .dashboard {
      gap: 16px;
    }
    .button {
      white-space: normal;
    }
    .tabs.main {
      gap: 0;
    }
    .tabs.main > * {
      padding-inline: 7px;
      font-size: calc(0.8125 * var(--wd-rem));
    }
    .facts {
      grid-template-columns: minmax(0, 1fr);
      gap: 2px;
    }
    .facts dd {
      margin-bottom: 12px;
    }
    .card.padded {
      padding: 16px;
    }
    .card-head {
      padding: 12px 16px;
    }
  }
`;
