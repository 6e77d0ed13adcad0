import type {
  WebhookEndpointView,
  WebhookFilterPreviewView,
  WebhookRepresentedView,
  WebhookSecretView,
} from '../../management/views.js';
import type { ShownCertificate } from '../../domain/client-certificate.js';
import { AUTHORIZATION_TYPES, type ShownAuthorization } from '../../domain/authorization.js';
import {
  count,
  flag,
  id,
  listOf,
  mapOf,
  named,
  nullable,
  object,
  oneOf,
  text,
  time,
  type FieldsOf,
  type SchemaOf,
} from '../schema.js';
import { filter } from './filter.schema.js';
import { page } from './page.schema.js';

const representation: SchemaOf<WebhookEndpointView['representation']> = {
  json: {
    description:
      'What its events look like: a name of `representations` in the settings, or a template of its own.',
    anyOf: [
      { type: 'string' },
      { type: 'object', properties: { template: { type: 'object' } }, required: ['template'] },
    ],
  },
  components: {},
};

export const endpointFields: FieldsOf<WebhookEndpointView> = {
  id: id('ep', 'The id of the endpoint.'),
  name: text('What people call it.'),
  url: text('Where requests go, in the spelling of the WHATWG URL standard.', { format: 'uri' }),
  description: nullable(text('A note of its own.')),
  events: listOf(text('An event type, all of a group such as `post.*`, or `*`.'), 'What it gets.'),
  active: flag('Whether it gets events.'),
  disabledReason: nullable(
    oneOf(
      ['failing', 'gone', 'operator'],
      'Why it was turned off: it failed for too long, answered 410, or was disabled by those who run the app. `null` where it was not.',
    ),
  ),
  disabledNote: nullable(text('What those who run the app say of it, where they have disabled it.')),
  disabledAt: nullable(time('Since when it is off: disabled, or turned off.')),
  failingSince: nullable(
    time('Since when every attempt has failed, tests aside; `null` where none has since one succeeded.'),
  ),
  deferredUntil: nullable(
    time(
      'When the next request may go to it, since it answered 429 or 503 with `Retry-After`; `null` where it is sent to.',
    ),
  ),
  headers: mapOf('Headers that come with every request to it.'),
  authorization: nullable(
    object<ShownAuthorization>('What requests are authorised with.', {
      type: oneOf(AUTHORIZATION_TYPES, 'How.'),
      hint: nullable(
        text('The end of a long token, the user name, the header, or the client and its token server.'),
      ),
    }),
  ),
  clientCertificate: nullable(
    object<ShownCertificate>('The certificate that is shown to it in TLS handshakes.', {
      subject: text('Whose it is.'),
      issuer: text('Who has issued it.'),
      expiresAt: time('When it ends.'),
      fingerprint: text('SHA-256, in hex with colons.'),
    }),
  ),
  rateLimit: nullable(count('Requests per second; `null` for no limit.')),
  concurrency: nullable(count('Requests at once from each worker; `null` for as many as it takes.')),
  representation,
  version: nullable(
    text('The version of events that it is kept at; `null` for the oldest, or where there are none.'),
  ),
  filter: nullable(filter, 'Which events of its types it gets; `null`: all of them.'),
  createdAt: time('When it was created.'),
  updatedAt: time('When its settings were changed last.'),
};

const secret = text('Signs the requests: `whsec_` and the key in base64, or the text that was given.');

export const endpoint = named('WebhookEndpoint', object('Where events are sent.', endpointFields));

export const createdEndpoint = named(
  'CreatedWebhookEndpoint',
  object<WebhookEndpointView & { secret: string }>('A new endpoint, with its secret.', {
    ...endpointFields,
    secret,
  }),
);

export const endpointPage = page('WebhookEndpointPage', endpoint);

export const secrets = named(
  'WebhookSecret',
  object<WebhookSecretView>('The secrets that sign now.', {
    secret,
    createdAt: time('When the newest one was made.'),
    previous: listOf(
      object('An earlier secret.', { secret, expiresAt: nullable(time('When it stops signing.')) }),
      'Secrets from before a rotation that still sign, the newest first.',
    ),
  }),
);

export const filterPreview = named(
  'WebhookFilterPreview',
  object<WebhookFilterPreviewView>('What a filter would have let through.', {
    examined: count('The newest events of the types, 50 at most.'),
    matched: count('Those of them that the filter would have let through.'),
  }),
);

export const represented = named(
  'WebhookRepresented',
  object<WebhookRepresentedView>('An event in the form of an endpoint.', {
    contentType: text('Its content type.'),
    headers: mapOf('Those that come with the form, beside the headers of every request.'),
    body: text('The exact text that is sent.'),
  }),
);
