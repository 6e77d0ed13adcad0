import { css } from 'lit';

export const overlay = css`
  dialog {
    width: min(560px, calc(100% - 32px));
    max-height: calc(100dvh - 32px);
    padding: 0;
    border: 1px solid var(--wd-border);
    border-radius: calc(var(--wd-radius) + 4px);
    background: var(--wd-background);
    color: var(--wd-text);
    box-shadow: var(--wd-shadow);
    overflow: hidden;
  }
  dialog[open] {
    display: flex;
    flex-direction: column;
  }
  dialog::backdrop {
    background: rgb(10 12 18 / 50%);
  }
  dialog.wide {
    width: min(760px, calc(100% - 32px));
  }
  dialog.drawer {
    width: min(1080px, 100%);
    max-width: 100%;
    height: 100dvh;
    max-height: 100dvh;
    margin: 0;
    margin-inline-start: auto;
    border-width: 0;
    border-inline-start-width: 1px;
    border-radius: 0;
  }
  .dialog-head,
  .dialog-foot {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 16px 20px;
  }
  .dialog-head {
    justify-content: space-between;
    border-bottom: 1px solid var(--wd-border);
  }
  .dialog-head h2 {
    flex: 1;
    font-size: calc(1 * var(--wd-rem));
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .dialog-foot {
    flex-wrap: wrap;
    justify-content: flex-end;
    border-top: 1px solid var(--wd-border);
    background: var(--wd-surface);
  }
  .dialog-body {
    flex: 1;
    min-height: 0;
    padding: 20px;
    overflow: auto;
    overscroll-behavior: contain;
  }
  .toasts {
    position: fixed;
    inset: auto 16px 16px 16px;
    z-index: 1000;
    display: grid;
    justify-items: center;
    gap: 8px;
    pointer-events: none;
  }
  .toast {
    display: flex;
    align-items: center;
    gap: 10px;
    max-width: 480px;
    padding: 10px 16px;
    border-radius: var(--wd-radius);
    background: light-dark(#1d212b, #eceef3);
    color: light-dark(#fff, #14171f);
    box-shadow: var(--wd-shadow);
    overflow-wrap: anywhere;
    pointer-events: auto;
  }
  .toast .button {
    border-color: currentColor;
    background: transparent;
    color: inherit;
  }
  .toast .button:hover {
    background: color-mix(in srgb, currentColor 16%, transparent);
  }
  .toast :focus-visible {
    outline-color: currentColor;
  }
  .toast.error {
    background: var(--wd-danger);
    color: light-dark(#fff, #2a0d0e);
  }
  .code {
    position: relative;
    border: 1px solid var(--wd-border);
    border-radius: var(--wd-radius);
    background: var(--wd-surface);
  }
  .code pre {
    max-height: 320px;
    padding: 12px 14px;
    overflow: auto;
    line-height: 1.6;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  /* Ends the first line before the copy button. */
  .code pre::before {
    float: right;
    width: 136px;
    height: 1.6em;
    content: '';
  }
  .code .button {
    position: absolute;
    inset: 6px 6px auto auto;
    background: var(--wd-background);
  }
`;
