import { DEMO_OPERATOR, DEMO_PASSWORDS } from '../config/account-credentials.js';
import { html, type Html } from './html.js';
import type { Page } from './page.js';
import { alert, field } from './parts.js';

export interface SignInState {
  readonly next: string;
  readonly demo: boolean;
  readonly account?: string;
  readonly problem?: string;
}

export const signInPage = ({ next, demo, account = '', problem }: SignInState): Page => ({
  title: 'Sign in',
  status: problem === undefined ? 200 : 401,
  body: html`
    ${demo && demoAccounts(next)}
    <form class="card form" method="post" action="/sign-in">
      ${demo && html`<h2>With a password</h2>`} ${alert(problem)}
      <input type="hidden" name="next" value="${next}" />
      ${field({
        name: 'account',
        label: 'Account',
        control: (attributes) =>
          html`<input
            ${attributes}
            value="${account}"
            required
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
          />`,
      })}
      ${field({
        name: 'password',
        label: 'Password',
        control: (attributes) =>
          html`<input ${attributes} type="password" required autocomplete="current-password" />`,
      })}
      <button class="${demo ? '' : 'primary'}">Sign in</button>
    </form>
  `,
});

const demoAccounts = (next: string): Html => html`
  <div class="card form">
    <h2>Look around</h2>
    <p>
      This is a demo. Its two accounts are open to everybody, and see nothing of each other. A third one runs
      it, and sees both.
    </p>
    ${Object.entries({ ...DEMO_PASSWORDS, ...DEMO_OPERATOR }).map(
      ([account, password], index) => html`
        <form class="one-click" method="post" action="/demo/sign-in">
          <input type="hidden" name="next" value="${next}" />
          <button name="account" value="${account}" class="${index === 0 && 'primary'}">
            Continue as ${account}
          </button>
          <p class="hint">Password: <code>${password}</code></p>
        </form>
      `,
    )}
  </div>
`;
