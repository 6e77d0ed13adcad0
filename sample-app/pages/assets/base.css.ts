import { css } from './css.js';

/** Colours, fonts, and the styles of elements without a class. */
export const BASE = css`
  :root {
    color-scheme: light dark;
    --font: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
    --mono: ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    --page: #f6f6f9;
    --surface: #ffffff;
    --sunken: #f1f1f6;
    --text: #1b1c24;
    --muted: #5c6072;
    --line: #e1e2ea;
    --control: #8d90a3;
    --accent: #4f46e5;
    --accent-strong: #4338ca;
    --on-accent: #ffffff;
    --accent-soft: #eeeffe;
    --good: #17693a;
    --good-soft: #e3f4e9;
    --wait: #855000;
    --wait-soft: #fdf1da;
    --bad: #b3251c;
    --bad-soft: #fdebe9;
    --shadow: 0 1px 2px rgb(20 20 40 / 6%);
    --radius: 8px;
    /* Read by the dashboard of the package. Not set on the element itself, which has an --accent of its own. */
    --webhooks-accent: var(--accent);
    --webhooks-font: var(--font);
  }

  @media (prefers-color-scheme: dark) {
    :root {
      --page: #101117;
      --surface: #191b23;
      --sunken: #22242e;
      --text: #eaebf1;
      --muted: #a3a7b8;
      --line: #2d303c;
      --control: #747889;
      --accent: #a5a3ff;
      --accent-strong: #bfbdff;
      --on-accent: #15143a;
      --accent-soft: #26264a;
      --good: #6fd796;
      --good-soft: #15321f;
      --wait: #efbe5f;
      --wait-soft: #372a10;
      --bad: #ff9188;
      --bad-soft: #431d1b;
      --shadow: none;
    }
  }

  * {
    box-sizing: border-box;
  }
  html {
    scroll-padding-top: 72px;
  }
  body {
    margin: 0;
    background: var(--page);
    color: var(--text);
    font: 16px/24px var(--font);
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul,
  pre {
    margin: 0;
    padding: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  h1 {
    font-size: 28px;
    line-height: 32px;
    font-weight: 650;
    letter-spacing: -0.015em;
  }
  h2 {
    font-size: 18px;
    line-height: 24px;
    font-weight: 650;
    letter-spacing: -0.005em;
  }
  h3 {
    font-size: 16px;
    line-height: 24px;
    font-weight: 600;
  }
  small {
    font-size: 13px;
    line-height: 16px;
  }
  a {
    color: var(--accent);
    text-underline-offset: 3px;
    text-decoration-thickness: 1px;
  }
  a:hover {
    color: var(--accent-strong);
    text-decoration-thickness: 2px;
  }
  code,
  pre {
    font: 0.875em/1.6 var(--mono);
    overflow-wrap: anywhere;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  main:focus {
    outline: none;
  }
  [hidden] {
    display: none !important;
  }
  time {
    white-space: nowrap;
  }
  .hint {
    color: var(--muted);
    font-size: 14px;
    line-height: 20px;
  }
  .strong {
    font-weight: 600;
  }
  .number {
    font-size: 32px;
    line-height: 40px;
    font-weight: 650;
    letter-spacing: -0.02em;
  }
  .clip {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .skip {
    position: fixed;
    top: 8px;
    left: 8px;
    z-index: 10;
    padding: 8px 16px;
    border-radius: var(--radius);
    background: var(--accent);
    color: var(--on-accent);
  }
  .skip:hover {
    color: var(--on-accent);
  }
  .skip:not(:focus) {
    opacity: 0;
    pointer-events: none;
  }
`;
