import { css } from 'lit';

/**
 * The values that an app can change by custom properties on the element or above it.
 * docs/reference/dashboard.md lists them.
 */
export const tokens = css`
  :host {
    --wd-accent: var(--webhooks-accent, light-dark(#4f46e5, #9a97ff));
    --wd-on-accent: var(--webhooks-on-accent, light-dark(#ffffff, #14122e));
    --wd-text: var(--webhooks-text, light-dark(#14171f, #eceef3));
    --wd-muted: var(--webhooks-muted, light-dark(#5a6373, #a0a9b8));
    --wd-background: var(--webhooks-background, light-dark(#ffffff, #12151c));
    --wd-surface: var(--webhooks-surface, light-dark(#f6f7f9, #191d26));
    --wd-border: var(--webhooks-border, light-dark(#e1e4ea, #2b313d));
    /* The outlines of controls have a contrast of 3:1 on all backgrounds. */
    --wd-strong-border: light-dark(#828a99, #6b7485);
    --wd-success: var(--webhooks-success, light-dark(#17734a, #4cc38a));
    --wd-warning: var(--webhooks-warning, light-dark(#855500, #e5b454));
    --wd-danger: var(--webhooks-danger, light-dark(#bb272d, #ff8b8f));
    --wd-neutral: light-dark(#566072, #a0a9b8);
    --wd-font: var(--webhooks-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    --wd-mono: var(--webhooks-mono-font, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace);
    --wd-radius: var(--webhooks-radius, 8px);
    /* Some pages set their root to 62.5% to count in tens, which would make our text 9 px. A larger size that
    the reader has chosen still applies. */
    --wd-rem: max(1rem, 16px);
    --wd-shadow: 0 12px 32px light-dark(rgb(20 23 31 / 18%), rgb(0 0 0 / 55%));
    /* Each text has the direction of its own words, but all texts align to the side where the page begins its
    lines. */
    --wd-start: left;
    --wd-end: right;
    color-scheme: light dark;
  }
  :host(:dir(rtl)) {
    --wd-start: right;
    --wd-end: left;
  }
  /* A dashboard with its own scheme needs a background of its own, because the page may use the other scheme.
  */
  :host([theme='light']),
  :host([theme='dark']) {
    padding: 16px;
    border-radius: calc(var(--wd-radius) + 2px);
    background: var(--wd-background);
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
`;
