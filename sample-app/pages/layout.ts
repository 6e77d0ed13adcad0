import type { Environment } from '../config/environment.js';
import { html, type Html } from './html.js';
import { ICONS } from './icons.js';
import type { Page, Section } from './page.js';

/** The frame around a page. */
export interface Frame {
  /** `undefined`: nobody is signed in. */
  readonly accountId: string | undefined;
  readonly demo: boolean;
  /** May see the webhooks of all accounts. */
  readonly isOperator: boolean;
}

export const frameOf = (accountId: string | undefined, { demo, operators }: Environment): Frame => ({
  accountId,
  demo,
  isOperator: accountId !== undefined && operators.includes(accountId),
});

interface MenuItem {
  readonly section: Section;
  readonly name: string;
  readonly path: string;
}

const MENU: readonly MenuItem[] = [
  { section: 'overview', name: 'Overview', path: '/' },
  { section: 'posts', name: 'Posts', path: '/posts' },
  { section: 'platforms', name: 'Platforms', path: '/platforms' },
  { section: 'integrations', name: 'Integrations', path: '/integrations/webhooks' },
];

const receiver = (name: string): MenuItem => ({
  section: 'receiver',
  name: 'Demo receiver',
  path: `/demo/receiver?name=${name}`,
});

const OPERATORS: MenuItem = {
  section: 'operators',
  name: 'All webhooks',
  path: '/api/admin/webhooks/page',
};

export function layout({ title, section, body, scripts = [] }: Page, frame: Frame): Html {
  const { accountId } = frame;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Roundabout WebTraffic</title>
        <link rel="icon" href="/assets/logo.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/app.css" />
        ${['/assets/app.js', ...scripts].map((path) => html`<script type="module" src="${path}"></script>`)}
      </head>
      <body class="${accountId === undefined ? 'open' : 'framed'}">
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="brand" href="/">
            <img src="/assets/logo.svg" alt="" width="32" height="32" />
            <span>Roundabout <small>WebTraffic</small></span>
          </a>
          ${accountId === undefined ? signIn(title) : menu(section, accountId, frame)}
        </header>
        <main id="main" tabindex="-1">
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
}

/** On small screens the menu is a popover, which opens without a script. */
const menu = (current: Section | undefined, accountId: string, { demo, isOperator }: Frame): Html => html`
  <button class="quiet menu-button" type="button" popovertarget="menu">${ICONS.menu} Menu</button>
  <div class="menu" id="menu" popover>
    <nav aria-label="Main">
      <ul>
        ${[...MENU, ...(demo && !isOperator ? [receiver(accountId)] : []), ...(isOperator ? [OPERATORS] : [])].map(({ section, name, path }) => item(section === current, path, [ICONS[section], name]))}
      </ul>
    </nav>
    <div class="account">
      <span class="avatar" aria-hidden="true">${accountId.slice(0, 1).toUpperCase()}</span>
      <span class="account-name"><span class="unseen">Signed in as</span> ${accountId}</span>
      <form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>
    </div>
  </div>
`;

const item = (current: boolean, path: string, content: readonly (Html | string)[]): Html =>
  html`<li><a href="${path}" ${current && html`aria-current="page"`}>${content}</a></li>`;

const signIn = (title: string): Html | false =>
  title !== 'Sign in' && html`<a class="button" href="/sign-in">Sign in</a>`;

/** Tabs between the pages of a section. */
export const tabs = (
  label: string,
  pages: readonly { readonly name: string; readonly path: string; readonly current: boolean }[],
): Html =>
  html`<nav class="tabs" aria-label="${label}">
    <ul>
      ${pages.map(({ name, path, current }) => item(current, path, [name]))}
    </ul>
  </nav>`;
