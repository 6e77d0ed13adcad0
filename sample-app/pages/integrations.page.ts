import { html, type Html } from './html.js';
import { tabs } from './layout.js';
import type { Page } from './page.js';

const WEBHOOKS = { name: 'Webhooks', path: '/integrations/webhooks' };
const API_KEYS = { name: 'API keys', path: '/integrations/api-keys' };

export const integrationTabs = (current: 'webhooks' | 'api-keys'): Html =>
  tabs('Integrations', [
    { ...WEBHOOKS, current: current === 'webhooks' },
    { ...API_KEYS, current: current === 'api-keys' },
  ]);

/** The package's dashboard: one script, and one element that uses the app's colours. */
export const webhooksPage = (): Page => ({
  title: 'Integrations',
  section: 'integrations',
  scripts: ['/api/webhooks/dashboard/element.js'],
  body: html`
    ${integrationTabs('webhooks')}
    <noscript
      ><p class="notice">
        The webhooks are managed with JavaScript, which your browser does not run.
      </p></noscript
    >
    <webhooks-dashboard api-url="/api/webhooks" routing="hash"></webhooks-dashboard>
  `,
});
