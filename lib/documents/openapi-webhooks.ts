import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhooksDocumentsConfig } from '../config/documents-options.js';
import { exampleBody } from './event-body.js';
import type { DescribedEvent } from './event-components.js';
import type { Names } from './names.js';
import type { JsonSchema } from './schema.js';
import { webhookHeaders } from './webhook-headers.js';

/** The events as OpenAPI's `webhooks`: requests that the customers' servers answer. */
export function openApiWebhooks(
  events: readonly DescribedEvent[],
  config: WebhooksConfig,
  { tags }: WebhooksDocumentsConfig,
  names: Names,
): JsonSchema {
  const parameters = webhookHeaders(config).map((header) => ({ ...header, in: 'header', required: true }));
  return Object.fromEntries(
    events.map(({ event, name, body }) => {
      const example = exampleBody(event);
      const post = {
        operationId: names.of('operation', `receive${name}`),
        tags: tags ?? [event.group],
        summary: event.description || event.type,
        security: [],
        parameters,
        requestBody: {
          required: true,
          content: { 'application/json': { schema: names.in(body), ...(example ? { example } : {}) } },
        },
        responses: {
          '2XX': { description: `It has arrived. Answer within ${config.delivery.timeoutMs / 1_000} s.` },
          '410': { description: 'It is not wanted any more: the endpoint is turned off.' },
          default: { description: 'It has failed, and is sent again until the retries are used up.' },
        },
      };
      return [event.type, { post }];
    }),
  );
}
