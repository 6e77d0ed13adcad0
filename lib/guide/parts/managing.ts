import type { WebhooksGuidePart } from '../../config/guide-options.js';
import { section, subsection, type GuideContext } from '../guide-context.js';
import { blocks, bullets, codeBlock, steps } from '../markdown.js';

/** How a customer registers an endpoint: in the dashboard, by the REST routes, or in the app's own way. */
export function managing(context: GuideContext): WebhooksGuidePart[] {
  if (context.management === 'none') return [];
  return [
    section('managing', 'Managing Webhooks'),
    ...(context.management === 'dashboard' ? inDashboard(context) : byApi(context)),
  ];
}

const inDashboard = ({ config }: GuideContext): WebhooksGuidePart[] => [
  subsection(
    'creating',
    'Creating a Webhook',
    steps([
      'Open the "Webhooks" page',
      'Click "Add webhook"',
      `Fill in the required information:\n${fields(config.network.allowHttp)}`,
      'Click "Add webhook" to save',
    ]),
  ),
  subsection(
    'testing',
    'Testing Webhooks',
    blocks(
      'Each webhook can be tested before being fully deployed:',
      steps([
        'From the webhooks list, open the webhook you want to test',
        'Select an event type to send as a test',
        'Click "Send test"',
        'The system will send a test payload to your endpoint, and show what came back',
        'Check your endpoint logs to verify receipt',
      ]),
    ),
  ),
  subsection(
    'managing-existing',
    'Managing Existing Webhooks',
    blocks(
      'From the webhooks management page, you can:',
      bullets([
        'View all your registered webhooks',
        'Toggle webhooks on/off to enable/disable them',
        'Edit webhook configurations',
        'Delete webhooks you no longer need',
        'Read every delivery with its attempts, and send it again',
      ]),
    ),
  ),
];

const fields = (allowHttp: boolean): string =>
  [
    'Name: A descriptive name for this webhook',
    `URL: The endpoint where notifications will be sent${allowHttp ? '' : ', with `https`'}`,
    'Events: Select which events should trigger this webhook',
    'Active: Toggle to enable or disable the webhook',
  ]
    .map((line) => `   - ${line}`)
    .join('\n');

function byApi({ types, config }: GuideContext): WebhooksGuidePart[] {
  const scheme = config.network.allowHttp ? 'http' : 'https';
  const created = {
    name: 'My webhook',
    url: `${scheme}://example.com/webhook`,
    events: types.slice(0, 1).map(({ type }) => type),
    active: true,
  };
  return [
    subsection(
      'creating',
      'Creating a Webhook',
      blocks(
        'Send a `POST` request to our webhooks API with a name, the URL of your endpoint, and the events that should trigger the webhook:',
        codeBlock('json', JSON.stringify(created, null, 2)),
        'The answer holds the id of the webhook, and the secret that its requests are signed with.',
      ),
    ),
    subsection(
      'testing',
      'Testing Webhooks',
      'Each webhook can be tested before being fully deployed: `POST /:id/test` with `{ "eventType": "…" }` sends the example of an event type to your endpoint, and answers with what came back.',
    ),
    subsection(
      'managing-existing',
      'Managing Existing Webhooks',
      bullets([
        '`GET /` lists your registered webhooks',
        '`PATCH /:id` changes one; `{ "active": false }` disables it',
        '`DELETE /:id` deletes it',
        '`GET /:id/deliveries` lists what was sent to it; `POST /deliveries/:deliveryId/retry` sends one again',
      ]),
    ),
  ];
}
