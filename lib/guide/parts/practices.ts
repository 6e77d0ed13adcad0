import type { WebhooksGuidePart } from '../../config/guide-options.js';
import { section, subsection, type GuideContext } from '../guide-context.js';
import { blocks, bullets, steps } from '../markdown.js';

export const practices = (context: GuideContext): WebhooksGuidePart[] => [
  section('best-practices', 'Best Practices'),
  subsection('efficient-processing', 'Efficient Processing', PRACTICES.map(practice).join('\n\n')),
  subsection(
    'order',
    'Duplicates and Order',
    bullets([
      'An event can arrive more than once: your response may have been lost. `webhook-id`, and `id` in the payload, are the same each time.',
      'Events can arrive in another order than they happened. Of two events, the one with the greater id is the newer: compare them as texts.',
    ]),
  ),
  subsection('troubleshooting', 'Troubleshooting', troubleshooting(context)),
];

const PRACTICES: readonly (readonly [string, readonly string[]])[] = [
  [
    'Respond quickly to webhooks',
    [
      "Return a 2xx response as soon as you've received the webhook",
      'Process the webhook asynchronously after responding',
      'This prevents timeouts and unnecessary retries',
    ],
  ],
  [
    'Implement idempotency',
    [
      'Use the webhook ID to prevent duplicate processing',
      "This ensures that even if a webhook is delivered multiple times, it's only processed once",
    ],
  ],
  [
    'Handle high volumes',
    ['Be prepared to handle bursts of webhook events', 'Implement queuing if necessary to manage load'],
  ],
];

const practice = ([title, lines]: (typeof PRACTICES)[number], index: number): string =>
  [`${index + 1}. **${title}**:`, ...lines.map((line) => `   - ${line}`)].join('\n');

const troubleshooting = ({ management }: GuideContext): string =>
  blocks(
    "If you're not receiving webhooks:",
    steps([
      'Check that your endpoint is publicly accessible',
      'Verify that your server is correctly configured to accept POST requests',
      'Check that your endpoint returns 2xx status codes',
      'Examine your server logs for any errors',
      ...(management === 'dashboard'
        ? [
            'Test your webhook endpoint using the "Test" functionality in the dashboard',
            'Ensure your webhook is set to "Active" in the dashboard',
          ]
        : ['Ensure your webhook is active']),
    ]),
  );
