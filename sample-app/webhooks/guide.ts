import type { WebhooksGuideOptions } from 'nestjs-webhooks';

const overview =
  'Webhooks allow you to receive real-time notifications when specific events occur in Roundabout WebTraffic. By setting up webhook ' +
  'endpoints, you can build integrations that respond immediately to changes in your social media accounts, engagement metrics, and more.';

const creating = `1. Navigate to the "Integrations" section in the sidebar
2. Select the "Webhooks" tab
3. Click "Add Webhook"
4. Fill in the required information:
   - Name: A descriptive name for this webhook
   - URL: The endpoint where notifications will be sent
   - Events: Select which events should trigger this webhook
   - Active: Toggle to enable or disable the webhook
5. Click "Create Webhook" to save`;

const testing = `Each webhook can be tested before being fully deployed:

1. From the webhooks list, find the webhook you want to test
2. Click the "Test" button
3. Select an event type to send as a test
4. The system will send a test payload to your endpoint
5. Check your endpoint logs to verify receipt`;

const support = `If you need assistance with webhook integration:

1. Check our [Knowledge Base](https://help.roundabout.webtraffic/webhooks) for common issues
2. Visit the [Developer Forum](https://developers.roundabout.webtraffic/forum) to connect with other developers
3. Contact our [Support Team](mailto:support@roundabout.webtraffic) for direct assistance`;

/** The branches of the switch in the sample code. */
const branches = `    case 'post.published':
      console.log(\`New post published on \${req.body.data.platform}\`);
      // Process the post published event
      break;

    case 'follower.gained':
      console.log(\`New follower gained on \${req.body.data.platform}\`);
      // Process the new follower event
      break;

`;

/**
 * The parts that Roundabout writes itself. The package generates all others from the catalogue and the
 * options.
 */
const OWN: Readonly<Record<string, (markdown: string) => string>> = {
  overview: () => overview,
  creating: () => creating,
  testing: () => testing,
  // Shows the type that most customers ask for.
  'payload-structure': (markdown) => shortIds(markdown).replace('platform.connected', 'post.published'),
  'event-data': (markdown) => shortIds(markdown),
  'sample-node': (markdown) => markdown.replace(/ {4}case [\s\S]*?(?= {4}default:)/, () => branches),
};

/** Replaces generated ids and times by ones that are easier to read. */
const shortIds = (markdown: string): string =>
  markdown
    .replaceAll(/evt_[0-9a-f]{32}/g, 'evt_123abc456def')
    .replaceAll('2026-01-01T00:01:00Z', '2023-05-15T14:22:30Z');

/** The guide that Roundabout gives to its customers. Everybody may read it. */
export const guide: WebhooksGuideOptions = {
  title: 'Webhook Integration Guide',
  product: 'Roundabout WebTraffic',
  apiReference: 'https://github.com/nestjs-webhooks/nestjs-webhooks/blob/main/docs/reference/rest-api.md',
  public: true,
  parts: (defaults) => [
    ...defaults.map((part) => ({ ...part, markdown: OWN[part.name]?.(part.markdown) ?? part.markdown })),
    { name: 'support', title: 'Support', level: 2, markdown: support },
  ],
};
