import { infoOf, type DocumentsSource } from './documents-source.js';
import { exampleBody } from './event-body.js';
import { EventComponents, type DescribedEvent } from './event-components.js';
import { Names } from './names.js';
import { COMPONENT, type JsonSchema } from './schema.js';
import { webhookHeaders } from './webhook-headers.js';

const CHANNEL = '#/channels/webhooks';
const HEADERS = 'WebhookHeaders';

/** The AsyncAPI 3 document of the events that the app sends to its customers. */
export function asyncApiDocument(source: DocumentsSource): JsonSchema {
  const names = new Names(source.documents.rename);
  const { events, schemas } = new EventComponents(source.types, [HEADERS]);
  return {
    asyncapi: '3.0.0',
    info: infoOf(source),
    defaultContentType: 'application/json',
    channels: {
      webhooks: {
        // Each endpoint has a URL of its own.
        address: null,
        title: 'Webhooks',
        description: 'The URL of an endpoint, which gets the events that it has asked for.',
        messages: byName(events, ({ name }) => ({ $ref: `#/components/messages/${name}` })),
        bindings: { http: {} },
      },
    },
    operations: Object.fromEntries(
      events.map(({ event, name }) => [
        names.of('operation', `send${name}`),
        {
          action: 'send',
          channel: { $ref: CHANNEL },
          summary: event.description || event.type,
          messages: [{ $ref: `${CHANNEL}/messages/${name}` }],
          bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
        },
      ]),
    ),
    components: {
      messages: byName(events, (one) => message(one, names)),
      schemas: names.components({ [HEADERS]: headers(source), ...schemas }),
    },
  };
}

function message({ event, body }: DescribedEvent, names: Names): JsonSchema {
  const payload = exampleBody(event);
  return {
    name: event.type,
    title: event.type,
    summary: event.description || event.type,
    tags: [{ name: event.group }],
    contentType: 'application/json',
    headers: names.in({ $ref: COMPONENT + HEADERS }),
    payload: names.in(body),
    ...(payload ? { examples: [{ payload }] } : {}),
  };
}

function headers({ config }: DocumentsSource): JsonSchema {
  const all = webhookHeaders(config);
  return {
    type: 'object',
    properties: Object.fromEntries(
      all.map(({ name, description, schema }) => [name, { description, ...schema }]),
    ),
    required: all.map(({ name }) => name),
  };
}

const byName = (
  events: readonly DescribedEvent[],
  valueOf: (event: DescribedEvent) => JsonSchema,
): JsonSchema => Object.fromEntries(events.map((event) => [event.name, valueOf(event)]));
