import type { WebhooksGuidePart } from '../../config/guide-options.js';
import { section, subsection, type GuideContext } from '../guide-context.js';
import { blocks, steps } from '../markdown.js';

export const introduction = ({ product }: GuideContext): WebhooksGuidePart[] => [
  section(
    'overview',
    'Overview',
    `Webhooks allow you to receive real-time notifications when specific events occur in ${product}. By setting up webhook endpoints, you can build integrations that respond immediately to what happens.`,
  ),
  section('getting-started', 'Getting Started with Webhooks'),
  subsection(
    'what-are-webhooks',
    'What are Webhooks?',
    `Webhooks are user-defined HTTP callbacks that are triggered by specific events. When an event occurs in ${product} that you've subscribed to, our system sends an HTTP POST request to your configured URL with information about the event.`,
  ),
  subsection(
    'setting-up',
    'Setting Up Webhook Endpoints',
    blocks(
      'To receive webhook notifications:',
      steps([
        'Create an endpoint on your server to receive webhook payloads',
        `Register this endpoint with ${product}`,
        'Configure which events should trigger notifications',
      ]),
    ),
  ),
];
