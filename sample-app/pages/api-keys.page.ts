import type { ApiKey } from '../accounts/api-key.entity.js';
import type { Problems } from './forms.js';
import { html, type Html } from './html.js';
import { integrationTabs } from './integrations.page.js';
import type { Page } from './page.js';
import { badge, confirmed, done, field, time } from './parts.js';

export interface ApiKeysState {
  readonly keys: readonly ApiKey[];
  readonly created?: { readonly name: string; readonly key: string; readonly origin: string };
  readonly name?: string;
  readonly problems?: Problems;
  readonly done?: unknown;
}

const DONE = { revoked: 'The key was revoked. It opens nothing any more.' };

export const apiKeysPage = (state: ApiKeysState): Page => ({
  title: 'Integrations',
  section: 'integrations',
  status: state.problems ? 422 : state.created ? 201 : 200,
  body: html`
    ${integrationTabs('api-keys')} ${done(DONE, state.done)} ${state.created && createdKey(state.created)}
    ${createForm(state)}
    <section class="card" aria-labelledby="keys">
      <h2 id="keys">Your keys</h2>
      ${state.keys.length === 0 ? html`<p class="empty">There are no keys yet.</p>` : table(state.keys)}
    </section>
  `,
});

const createdKey = ({ name, key, origin }: NonNullable<ApiKeysState['created']>): Html => html`
  <section class="card highlight" aria-labelledby="created">
    <h2 id="created">${name} is ready</h2>
    <p>Copy the key now: this is the only time that it is shown.</p>
    <div class="copy">
      <code id="new-key">${key}</code>
      <button type="button" data-copy="new-key" hidden>Copy key</button>
    </div>
    <p class="hint">Try it:</p>
    <div class="copy">
      <code id="new-key-curl">curl ${origin}/api/posts -H 'Authorization: Bearer ${key}'</code>
      <button type="button" data-copy="new-key-curl" hidden>Copy command</button>
    </div>
  </section>
`;

const createForm = ({ name = '', problems = {} }: ApiKeysState): Html => html`
  <form class="card form inline" method="post" action="/integrations/api-keys">
    <h2>Create an API key</h2>
    ${field({
      name: 'name',
      label: 'Name',
      problem: problems.name,
      hint: 'What the key is for, such as “Shop server”.',
      control: (attributes) =>
        html`<input ${attributes} value="${name}" required maxlength="100" autocomplete="off" />`,
    })}
    <button class="primary">Create key</button>
  </form>
`;

const table = (keys: readonly ApiKey[]): Html => html`
  <table class="stacking">
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col">Key</th>
        <th scope="col">Created</th>
        <th scope="col">Last used</th>
        <th scope="col">Source</th>
        <th scope="col"><span class="unseen">Action</span></th>
      </tr>
    </thead>
    <tbody>
      ${keys.map(row)}
    </tbody>
  </table>
`;

const row = ({ id, name, hint, createdAt, lastUsedAt }: ApiKey): Html => html`
  <tr>
    <th scope="row">${name ?? 'Key of the environment'}</th>
    <td data-label="Key"><code>${hint}…</code></td>
    <td data-label="Created">${createdAt === null ? '–' : time(createdAt)}</td>
    <td data-label="Last used">${lastUsedAt === null ? 'never' : time(lastUsedAt)}</td>
    <td data-label="Source">
      ${id === null ? badge('plain', 'Environment') : badge('plain', 'Created here')}
    </td>
    <td class="actions">
      ${
        id !== null &&
        confirmed({
          id: `revoke-${id}`,
          button: 'Revoke',
          question: `Revoke ${name ?? 'this key'}?`,
          explanation: 'Programs that use it are locked out at once. That can’t be undone.',
          action: `/integrations/api-keys/${id}/revoke`,
        })
      }
    </td>
  </tr>
`;
