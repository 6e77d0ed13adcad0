import { PLATFORM_NAMES, PLATFORM_TYPES } from '../platforms/platform-types.js';
import type { ConnectPlatformDto } from '../platforms/platform.dto.js';
import type { Platform } from '../platforms/platform.entity.js';
import type { Problems } from './forms.js';
import { html, type Html } from './html.js';
import type { Page } from './page.js';
import { confirmed, done, field, time } from './parts.js';

const DONE = {
  connected: 'The platform is connected.',
  renamed: 'The username was changed.',
  disconnected: 'The platform is disconnected.',
};

export interface PlatformsState {
  readonly platforms: readonly Platform[];
  /** The rejected input. */
  readonly connecting?: ConnectPlatformDto;
  /** The row that is being edited, and its rejected input. */
  readonly renaming?: { readonly id: string; readonly username?: string };
  /** Problems of the submitted form. */
  readonly problems?: Problems;
  readonly done?: unknown;
}

export const platformsPage = (state: PlatformsState): Page => ({
  title: 'Platforms',
  section: 'platforms',
  status: state.problems ? 422 : 200,
  body: html`
    ${done(DONE, state.done)} ${connectForm(state)}
    <section class="card" aria-labelledby="list">
      <h2 id="list">Connected platforms</h2>
      ${
        state.platforms.length === 0
          ? html`<p class="empty">None yet. Connect the first one above.</p>`
          : html`<ul class="rows">
              ${state.platforms.map((platform) =>
                state.renaming?.id === platform.id ? renameRow(platform, state) : row(platform),
              )}
            </ul>`
      }
    </section>
  `,
});

function connectForm({ connecting, problems = {} }: PlatformsState): Html {
  const shown = connecting ? problems : {};
  return html`<form class="card form inline" method="post" action="/platforms">
    <h2>Connect a platform</h2>
    ${field({
      name: 'type',
      label: 'Platform',
      problem: shown.type,
      control: (attributes) =>
        html`<select ${attributes}>
          ${PLATFORM_TYPES.map(
            (type) =>
              html`<option value="${type}" ${connecting?.type === type && html`selected`}>
                ${PLATFORM_NAMES[type]}
              </option>`,
          )}
        </select>`,
    })}
    ${field({
      name: 'username',
      label: 'Username',
      problem: shown.username,
      control: (attributes) => usernameInput(attributes, connecting?.username),
    })}
    <button class="primary">Connect</button>
  </form>`;
}

const usernameInput = (attributes: Html, value = ''): Html =>
  html`<input
    ${attributes}
    value="${value}"
    required
    maxlength="100"
    autocomplete="off"
    autocapitalize="none"
    spellcheck="false"
  />`;

const row = ({ id, type, username, connectedAt }: Platform): Html => html`
  <li class="row" id="${id}">
    <div class="row-main">
      <p class="strong">${username}</p>
      <p class="hint">${PLATFORM_NAMES[type]} · connected ${time(connectedAt)}</p>
    </div>
    <div class="actions">
      <a class="button quiet" href="/platforms?rename=${id}#${id}">Rename</a>
      ${confirmed({
        id: `disconnect-${id}`,
        button: 'Disconnect',
        question: `Disconnect ${username}?`,
        explanation: `Roundabout can no longer publish to this ${PLATFORM_NAMES[type]} profile. Posts that are out stay out.`,
        action: `/platforms/${id}/disconnect`,
      })}
    </div>
  </li>
`;

const renameRow = (
  { id, type, username }: Platform,
  { renaming, problems = {} }: PlatformsState,
): Html => html`
  <li class="row" id="${id}">
    <form class="form inline row-main" method="post" action="/platforms/${id}/rename">
      ${field({
        name: 'username',
        id: 'new-username',
        label: `New username of ${username} on ${PLATFORM_NAMES[type]}`,
        problem: problems.username,
        control: (attributes) => usernameInput(html`${attributes} autofocus`, renaming?.username ?? username),
      })}
      <div class="actions">
        <button class="primary">Rename</button>
        <a class="button quiet" href="/platforms">Cancel</a>
      </div>
    </form>
  </li>
`;
