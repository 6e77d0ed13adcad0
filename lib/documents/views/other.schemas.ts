import type {
  WebhookEndpointStatsView,
  WebhookRecoveryPreviewView,
  WebhookRecoveryView,
  WebhookSettingsView,
  WebhookStatsByEndpointView,
  WebhookStatsView,
} from '../../management/views.js';
import {
  count,
  flag,
  id,
  listOf,
  named,
  nullable,
  object,
  oneOf,
  text,
  time,
  type FieldsOf,
} from '../schema.js';

export const recoveryPreview = named(
  'WebhookRecoveryPreview',
  object<WebhookRecoveryPreviewView>('What a recovery would send, and how far one has come.', {
    toResend: count('Failed and canceled deliveries: what a recovery would start again.'),
    failed: count('The failed ones of these.'),
    canceled: count('The canceled ones of these.'),
    toCreate: count('Matching events with no delivery to the endpoint: what a recovery would make one for.'),
    waiting: count('Deliveries that have not been attempted yet, or not since they were recovered.'),
    retrying: count(
      'Deliveries that were attempted without success since they were made or recovered, and will be again.',
    ),
    exact: flag(
      'Whether the counts of what would be sent are exact. Of an endpoint with a filter, and more than 5,000 to try it on, they are upper bounds.',
    ),
  }),
);

export const recovery = named(
  'WebhookRecovery',
  object<WebhookRecoveryView>('What a recovery has begun to send.', {
    resent: count('Deliveries that it has started again.'),
    created: count('Deliveries that it has made.'),
  }),
);

type Total = WebhookStatsView['total'];

const counts: FieldsOf<Total> = {
  succeeded: count('Attempts that succeeded.'),
  retrying: count('Attempts that failed and were tried again.'),
  failed: count('Attempts that failed and were the last of their delivery.'),
  p50Ms: nullable(
    count('The median duration, from a histogram, to about a sixth; `null` where there was no attempt.'),
  ),
  p95Ms: nullable(count('The 95th percentile, likewise.')),
};

const span = {
  since: time('When it begins.'),
  until: time('When it ends.'),
  bucketMs: count('How long a bucket is, in ms.'),
};

const statsFields = {
  total: named('WebhookStatsCounts', object<Total>('Attempts by outcome, and how long they took.', counts)),
  buckets: listOf(
    named(
      'WebhookStatsBucket',
      object<WebhookStatsView['buckets'][number]>('The same for a part of the span.', {
        startAt: time('When it begins.'),
        ...counts,
      }),
    ),
    'Every bucket of the span, those without an attempt too.',
  ),
};

export const stats = named(
  'WebhookStats',
  object<WebhookStatsView>('Counts and durations of attempts.', { ...span, ...statsFields }),
);

export const statsByEndpoint = named(
  'WebhookStatsByEndpoint',
  object<WebhookStatsByEndpointView>('The same for several endpoints.', {
    ...span,
    data: listOf(
      named(
        'WebhookEndpointStats',
        object<WebhookEndpointStatsView>('Those of one endpoint.', {
          endpointId: id('ep', 'The endpoint.'),
          ...statsFields,
        }),
      ),
      'In the order that was asked for.',
    ),
  }),
);

export const settings = named(
  'WebhookSettings',
  object<WebhookSettingsView>('How the app sends.', {
    signatureHeader: nullable(
      text('The header with the hex HMAC of the body; `null` where the app does not sign so.'),
    ),
    signatureHeaders: listOf(
      object<WebhookSettingsView['signatureHeaders'][number]>('A header.', {
        name: text('In lower case.'),
        description: text('What stands in it, in Markdown.'),
        secrets: oneOf(
          ['one', 'every', 'none'],
          'Whether it holds one signature, one of every live secret, or none of them.',
        ),
      }),
      'All headers that a request is signed with.',
    ),
    signatureRotation: oneOf(
      ['old', 'new'],
      'Which secret makes a signature that there can be only one of, while two are live.',
    ),
    ownSecrets: flag('Whether a secret may be given, when a webhook is created or its secret is rotated.'),
    overlapMs: count('How long a rotated secret goes on signing where the rotation says nothing.'),
    retryOffsetsMs: listOf(
      count('In ms.'),
      'When the attempts after the first one happen, counted from that.',
    ),
    timeoutMs: count('Wall-clock time of one attempt.'),
    captureBytes: count('Bytes kept of a response body.'),
    disableAfterMs: nullable(
      count('An endpoint that has failed every attempt for so long is disabled; `null`: never.'),
    ),
    retentionMs: nullable(count('How long finished deliveries and their events are kept; `null`: for ever.')),
    allowHttp: flag('Whether a URL may be http.'),
    representations: listOf(
      object('One that an endpoint can ask for.', {
        name: text('What an endpoint asks for it by.'),
        description: text('For people, who choose by it; may be empty.'),
      }),
      'What events can look like.',
    ),
    versions: listOf(
      object('One that an endpoint can be kept at.', {
        version: text('Its day.', { format: 'date' }),
        description: text('What changed; may be empty.'),
        retiresAt: nullable(time('From when on endpoints of it get the next one; `null`: it is kept.')),
      }),
      'The versions of events, the oldest first.',
    ),
    guide: oneOf(
      ['public', 'guarded', 'none'],
      "Who can read the customers' guide at `guide`: everybody, whom its guards let in, or nobody, since there is none.",
    ),
  }),
);
