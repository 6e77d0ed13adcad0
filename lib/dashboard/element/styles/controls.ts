import { css } from 'lit';

export const controls = css`
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 36px;
    padding: 6px 14px;
    border: 1px solid var(--wd-strong-border);
    border-radius: var(--wd-radius);
    background: var(--wd-background);
    color: var(--wd-text);
    font-weight: 500;
    line-height: 1.4;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
  }
  .button:hover {
    background: var(--wd-surface);
  }
  .button.primary {
    border-color: transparent;
    background: var(--wd-accent);
    color: var(--wd-on-accent);
  }
  .button.primary:hover {
    background: color-mix(in srgb, var(--wd-accent) 88%, var(--wd-text));
  }
  .button.danger {
    border-color: transparent;
    background: var(--wd-danger);
    color: light-dark(#fff, #2a0d0e);
  }
  .button.danger-outline {
    color: var(--wd-danger);
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
  }
  .button.quiet:hover {
    background: color-mix(in srgb, var(--wd-text) 8%, transparent);
  }
  .button.small {
    min-height: 28px;
    padding: 2px 10px;
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .button.icon {
    padding: 6px;
    min-width: 36px;
  }
  .button[disabled],
  .button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: not-allowed;
  }
  .link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--wd-accent);
    font: inherit;
    text-align: var(--wd-start);
    text-decoration: none;
    cursor: pointer;
  }
  .link:hover {
    text-decoration: underline;
  }
  .link.plain {
    color: inherit;
    font-weight: 600;
  }
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 6px;
    min-width: 0;
  }
  .field > label,
  .label {
    font-weight: 500;
  }
  .hint {
    color: var(--wd-muted);
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .problem {
    display: flex;
    gap: 6px;
    color: var(--wd-danger);
    font-size: calc(0.8125 * var(--wd-rem));
  }
  .problem::before {
    content: '!';
    flex: none;
    width: 16px;
    height: 16px;
    margin-top: 2px;
    border-radius: 50%;
    background: var(--wd-danger);
    color: var(--wd-background);
    font: 700 11px/16px var(--wd-font);
    text-align: center;
  }
  .input {
    width: 100%;
    min-height: 36px;
    padding: 6px 10px;
    border: 1px solid var(--wd-strong-border);
    border-radius: var(--wd-radius);
    background: var(--wd-background);
  }
  textarea.input {
    resize: vertical;
    line-height: 1.5;
  }
  select.input {
    width: auto;
    padding-inline-end: 6px;
  }
  .input::placeholder {
    color: var(--wd-muted);
    opacity: 1;
  }
  .input[aria-invalid='true'] {
    border-color: var(--wd-danger);
  }
  .input:focus-visible {
    outline-offset: -1px;
  }
  input[type='checkbox'],
  input[type='radio'] {
    width: 16px;
    height: 16px;
    margin: 2px 0 0;
    flex: none;
    accent-color: var(--wd-accent);
  }
  .switch {
    position: relative;
    flex: none;
    width: 36px;
    height: 20px;
    padding: 0;
    border: 0;
    border-radius: 10px;
    background: var(--wd-strong-border);
    cursor: pointer;
    transition: background 120ms;
  }
  .switch::after {
    content: '';
    position: absolute;
    inset-block: 2px;
    inset-inline-start: 2px;
    width: 16px;
    border-radius: 50%;
    background: #fff;
    box-shadow: 0 1px 2px rgb(0 0 0 / 30%);
    transition: inset-inline-start 120ms;
  }
  .switch[aria-checked='true'] {
    background: var(--wd-accent);
  }
  .switch[aria-checked='true']::after {
    background: var(--wd-on-accent);
    inset-inline-start: 18px;
  }
  .switch[aria-disabled='true'] {
    opacity: 0.5;
    cursor: progress;
  }
  /* The target has at least 24 px, even if the drawing is smaller. */
  .switch::before {
    content: '';
    position: absolute;
    inset: -8px;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 1px 8px;
    border-radius: 999px;
    background: color-mix(in srgb, var(--wd-tone, var(--wd-neutral)) 13%, transparent);
    color: var(--wd-tone, var(--wd-neutral));
    font-size: calc(0.75 * var(--wd-rem));
    font-weight: 600;
    line-height: 20px;
    white-space: nowrap;
  }
  .badge::before {
    content: '';
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: currentColor;
  }
  .badge.plain::before {
    content: none;
  }
  .success {
    --wd-tone: var(--wd-success);
  }
  .warning {
    --wd-tone: var(--wd-warning);
  }
  .failure {
    --wd-tone: var(--wd-danger);
  }
  .chip {
    display: inline-block;
    max-width: 100%;
    padding: 0 6px;
    border: 1px solid var(--wd-border);
    border-radius: 5px;
    background: var(--wd-surface);
    font: calc(0.75 * var(--wd-rem))/20px var(--wd-mono);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
