import { css } from './css.js';

/** Buttons, fields, and questions before irreversible acts. */
export const FORMS = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 40px;
    padding: 7px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    font: 500 15px/24px var(--font);
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
  }
  button:hover,
  .button:hover {
    border-color: var(--control);
    color: var(--text);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  button.primary:hover {
    border-color: var(--accent-strong);
    background: var(--accent-strong);
  }
  button.danger {
    border-color: var(--bad);
    color: var(--bad);
  }
  button.quiet,
  .button.quiet {
    padding-inline: 12px;
    border-color: transparent;
    background: transparent;
    color: var(--muted);
  }
  button.quiet:hover,
  .button.quiet:hover {
    background: var(--sunken);
    color: var(--text);
  }
  button.quiet.danger {
    color: var(--bad);
  }
  button.quiet.danger:hover {
    background: var(--bad-soft);
    color: var(--bad);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .form {
    display: grid;
    gap: 16px;
  }
  .form > button {
    justify-self: start;
  }
  .field {
    display: grid;
    gap: 8px;
    align-content: start;
    min-width: 0;
  }
  label,
  .label {
    font-size: 14px;
    line-height: 16px;
    font-weight: 600;
  }
  input:not([type='checkbox']),
  select,
  textarea {
    width: 100%;
    min-height: 40px;
    padding: 7px 12px;
    border: 1px solid var(--control);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
    font: 16px/24px var(--font);
  }
  textarea {
    resize: vertical;
  }
  [aria-invalid] {
    border-color: var(--bad) !important;
  }
  .problem {
    color: var(--bad);
    font-size: 14px;
    line-height: 20px;
    font-weight: 500;
  }
  .check {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 40px;
    font: 500 15px/24px var(--font);
  }
  .check input {
    width: 20px;
    height: 20px;
    margin: 0;
    accent-color: var(--accent);
  }
  .form-end {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
  }
  @media (min-width: 640px) {
    .form.inline {
      display: flex;
      flex-wrap: wrap;
      align-items: start;
    }
    .form.inline h2 {
      flex: 1 0 100%;
    }
    .form.inline .field {
      flex: 1 1 200px;
    }
    /* As far down as the control beside it, which has its label above. */
    .form.inline > button,
    .form.inline > .actions {
      margin-top: 24px;
    }
  }

  .dialog {
    width: min(448px, calc(100vw - 32px));
    margin: auto;
    padding: 24px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--surface);
    color: var(--text);
    box-shadow: 0 16px 48px rgb(0 0 0 / 24%);
    text-align: left;
  }
  .dialog h2 {
    overflow-wrap: anywhere;
  }
  .dialog p {
    margin: 8px 0 24px;
    color: var(--muted);
  }
  .dialog .actions {
    justify-content: end;
  }
  .dialog::backdrop {
    background: rgb(10 10 20 / 48%);
  }
`;
