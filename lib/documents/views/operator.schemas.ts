import { WEBHOOK_ACTS } from '../../domain/audit.js';
import { WEBHOOK_DELIVERY_STATUSES } from '../../domain/delivery.js';
import { JOB_KINDS, JOB_STATUSES } from '../../domain/jobs.js';
import { PAUSE_SCOPES } from '../../domain/pauses.js';
import type { OperatorJobView, OperatorPauseView, OperatorSettingsView } from '../../operation/acts/views.js';
import { ATTENTION, WAITING, type SentenceParams } from '../../operation/operator/sentences.js';
import type {
  OperatorAttentionView,
  OperatorAuditView,
  OperatorBacklogView,
  OperatorDeliveryDetailView,
  OperatorDeliveryView,
  OperatorDueView,
  OperatorEndpointView,
  OperatorEventDetailView,
  OperatorEventView,
  OperatorFoundView,
  OperatorLagPointView,
  OperatorLagView,
  OperatorOverviewView,
  OperatorSearchView,
  OperatorTenantView,
  OperatorTenantVolumeView,
  OperatorVolumesView,
  OperatorWaitingView,
  OperatorWorkerView,
} from '../../operation/operator/views.js';
import {
  anyType,
  anyValue,
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
  type SchemaOf,
} from '../schema.js';
import { auditFields } from './audit.schemas.js';
import { deliveryDetailFields, deliveryFields } from './delivery.schemas.js';
import { endpointFields } from './endpoint.schemas.js';
import { eventDetailFields, summaryFields } from './event.schemas.js';
import { page } from './page.schema.js';

const tenant = text('The tenant; empty in an app without tenants.');
const endpointId = id('ep', 'The endpoint.');
const pausedByPause = flag('Whether a pause holds back what goes to it.');

const due = named(
  'OperatorDue',
  object<OperatorDueView>('Due deliveries that no worker holds.', {
    count: count('How many.'),
    isMore: flag('Whether counting stopped there.'),
    oldestDueAt: nullable(time('Since when the oldest is due; `null` where nothing is.')),
  }),
);

const params: SchemaOf<SentenceParams> = {
  json: {
    type: 'object',
    description:
      'The values of that sentence, by name: times are ISO 8601, and `isMore` makes `count` a minimum.',
    additionalProperties: anyType('string', 'number', 'boolean', 'null'),
  },
  components: {},
};

const sentence = <Code extends string>(
  table: Readonly<Record<Code, string>>,
): FieldsOf<{ code: Code; params: SentenceParams; text: string }> => ({
  code: oneOf(Object.keys(table) as Code[], 'Which sentence it is.'),
  params,
  text: text('The sentence in English.'),
});

const worker = named(
  'OperatorWorker',
  object<OperatorWorkerView>('A process that delivers.', {
    id: text('Its id.'),
    name: text('Its host and its process id.'),
    startedAt: time('When it started.'),
    seenAt: time('When it was last heard of.'),
    isAlive: flag('Whether that is at most 45 s ago.'),
  }),
);

export const workers = named(
  'OperatorWorkers',
  object<{ data: OperatorWorkerView[] }>('The processes that deliver.', {
    data: listOf(worker, 'The latest heard of first.'),
  }),
);

export const pause = named(
  'OperatorPause',
  object<OperatorPauseView>('What nothing is sent to.', {
    id: id('pse', 'The id of the pause.'),
    scope: oneOf(PAUSE_SCOPES, 'How much is paused.'),
    tenant: nullable(text('The tenant; `null` where everything is paused.')),
    endpointId: nullable(id('ep', 'The endpoint; `null` where more than one is paused.')),
    reason: nullable(text('Why.')),
    actor: nullable(text('Who has paused it, as the app says.')),
    createdAt: time('Since when.'),
  }),
);

export const pauses = named(
  'OperatorPauses',
  object<{ data: OperatorPauseView[] }>('What is paused.', { data: listOf(pause, 'The newest first.') }),
);

const attention = named(
  'OperatorAttention',
  object<OperatorAttentionView>('Something that somebody should look at.', {
    kind: oneOf(
      ['no-worker', 'lag', 'unattended', 'paused', 'away', 'failing', 'disabled', 'deferred', 'limited'],
      'What is wrong.',
    ),
    tenant: nullable(text('Whom it concerns; `null`: all tenants.')),
    endpointId: nullable(id('ep', 'The endpoint, where it is about one.')),
    since: nullable(time('Since when, where that is known.')),
    ...sentence(ATTENTION),
  }),
);

export const overview = named(
  'OperatorOverview',
  object<OperatorOverviewView>('The state of all tenants.', {
    at: time('When it was looked at.'),
    due,
    backlog: listOf(
      named(
        'OperatorBacklog',
        object<OperatorBacklogView>('What is due to an endpoint.', { tenant, endpointId, due }),
      ),
      'The endpoints that wait for the longest, at most 20.',
    ),
    workers: listOf(worker, 'The processes that deliver.'),
    pauses: listOf(pause, 'What is paused.'),
    attention: listOf(attention, 'The most pressing first, at most 50 endpoints of each kind.'),
    isMoreAttention: flag('Whether there are more.'),
  }),
);

export const search = named(
  'OperatorSearch',
  object<OperatorSearchView>('What was found.', {
    data: listOf(
      named(
        'OperatorFound',
        object<OperatorFoundView>('Something that was found.', {
          kind: oneOf(['event', 'delivery', 'endpoint', 'tenant'], 'What it is.'),
          id: text('Its id; of a tenant, its name.'),
          tenant,
          label: text('What it is, for people.'),
        }),
      ),
      'Exact matches first.',
    ),
    isWhole: flag('Whether everything was searched, and is here.'),
  }),
);

export const operatorTenant = named(
  'OperatorTenant',
  object<OperatorTenantView>('A tenant.', {
    tenant,
    endpoints: count('How many endpoints it has.'),
    active: count('Those that are on.'),
    failing: count('Those that fail every attempt.'),
    disabled: count('Those that were disabled.'),
    paused: pausedByPause,
    due,
  }),
);
export const tenantPage = page('OperatorTenantPage', operatorTenant, 'By name.');

export const operatorEndpoint = named(
  'OperatorEndpoint',
  object<OperatorEndpointView>('An endpoint of a tenant.', {
    ...endpointFields,
    tenant,
    state: oneOf(['disabled', 'off', 'failing', 'deferred', 'limited', 'active'], 'Its worst state.'),
    paused: pausedByPause,
    due,
  }),
);
export const operatorEndpointPage = page('OperatorEndpointPage', operatorEndpoint);

export const listedDelivery = named(
  'OperatorDelivery',
  object<OperatorDeliveryView>('One event to one endpoint.', { tenant, ...deliveryFields }),
);
export const operatorDeliveryPage = page('OperatorDeliveryPage', listedDelivery);

const waitingFor = named(
  'OperatorWaiting',
  object<OperatorWaitingView>('What a pending delivery waits for.', {
    ...sentence(WAITING),
    until: nullable(time('When that ends, where it is known.')),
  }),
);

export const operatorDelivery = named(
  'OperatorDeliveryDetail',
  object<OperatorDeliveryDetailView>(
    'A delivery with its event, its newest attempts, and what it waits for.',
    {
      tenant,
      ...deliveryDetailFields,
      waitingFor: nullable(waitingFor, 'Why it is still pending; `null` once it is final.'),
    },
  ),
);

export const operatorEventPage = page(
  'OperatorEventPage',
  named('OperatorEvent', object<OperatorEventView>('What happened.', { tenant, ...summaryFields })),
);

export const operatorEvent = named(
  'OperatorEventDetail',
  object<OperatorEventDetailView>('What happened, and to whom it went.', { tenant, ...eventDetailFields }),
);

export const lag = named(
  'OperatorLag',
  object<OperatorLagView>('How many were due, and for how long.', {
    since: time('When it begins.'),
    until: time('When it ends.'),
    bucketMs: count('How long each part of it is, in ms.'),
    data: listOf(
      named(
        'OperatorLagPoint',
        object<OperatorLagPointView>('The worst of a part of that time.', {
          at: time('When it begins.'),
          due: count('How many were due.'),
          isMore: flag('Whether counting stopped there.'),
          oldestAgeMs: nullable(count('For how long the oldest was due, in ms; `null` where nothing was.')),
        }),
      ),
      'The oldest first. What no worker wrote down is missing.',
    ),
  }),
);

const volume = Object.fromEntries(
  WEBHOOK_DELIVERY_STATUSES.map((status) => [status, count(`Those that are ${status}.`)]),
) as unknown as FieldsOf<Pick<OperatorTenantVolumeView, 'pending' | 'succeeded' | 'failed' | 'canceled'>>;

export const volumes = named(
  'OperatorVolumes',
  object<OperatorVolumesView>('The tenants with the most deliveries.', {
    since: time('Where counting began: later than was asked for if there were more than 50,000.'),
    until: time('Where it ended.'),
    isWhole: flag('Whether all of the time was counted.'),
    data: listOf(
      named(
        'OperatorTenantVolume',
        object<OperatorTenantVolumeView>('The deliveries of a tenant, by status.', {
          tenant,
          deliveries: count('All of them.'),
          ...volume,
        }),
      ),
      'The largest first, at most 20.',
    ),
  }),
);

export const job = named(
  'OperatorJob',
  object<OperatorJobView>('Work over many deliveries.', {
    id: id('job', 'The id of the job.'),
    kind: oneOf(JOB_KINDS, 'What it does.'),
    status: oneOf(JOB_STATUSES, 'How far it has come.'),
    request: anyValue('What it was asked for, with its defaults; times are epoch ms.'),
    total: nullable(
      count('How many there are, counted at its start; `null` where that is more than was counted.'),
    ),
    done: count('How many it has dealt with.'),
    failed: count('How many it has found and could not do.'),
    problem: nullable(text('Why it has failed, or why its last batch is tried again.')),
    problemCode: nullable(oneOf(['target-gone', 'target-off', 'batch-failed'], 'Which problem that is.')),
    receipt: anyValue('What an erasure has removed; else `null`.'),
    actor: nullable(text('Who has started it, as the app says.')),
    createdAt: time('When it was started.'),
    updatedAt: time('When it last went on.'),
    finishedAt: nullable(time('When it ended.')),
  }),
);
export const jobPage = page('OperatorJobPage', job);

export const jobCount = named(
  'OperatorJobCount',
  object<{ total: number; isMore: boolean }>('What a job would deal with now.', {
    total: count('How many.'),
    isMore: flag('Whether counting stopped there.'),
  }),
);

type Set = OperatorSettingsView['set'];
type Effective = OperatorSettingsView['effective'];

const retention: SchemaOf<Set['retention']> = {
  json: {
    description: 'In ms; `false`: for ever; `null`: as the option says.',
    anyOf: [{ type: 'integer', minimum: 0 }, { type: 'boolean', enum: [false] }, { type: 'null' }],
  },
  components: {},
};

const effective: FieldsOf<Effective> = {
  retentionMs: nullable(count('In ms; `null`: for ever.')),
  endpoints: count('How many endpoints it may have.'),
  testsPerMinute: count('Tests a minute.'),
  resendsPerMinute: count('Resends a minute.'),
};

export const tenantSettings = named(
  'OperatorSettings',
  object<OperatorSettingsView>('The retention and the limits of a tenant.', {
    tenant,
    set: object<Set>('What is set for it alone; `null` where the options hold.', {
      retention,
      endpoints: nullable(count('How many endpoints it may have.')),
      testsPerMinute: nullable(count('Tests a minute.')),
      resendsPerMinute: nullable(count('Resends a minute.')),
    }),
    effective: object('What holds.', effective),
    defaults: object('What the options say, which holds where nothing is set.', effective),
    updatedAt: nullable(time('When it was set; `null` where nothing is.')),
  }),
);

export const operatorAuditPage = page(
  'OperatorAuditPage',
  named(
    'OperatorAudit',
    object<OperatorAuditView>('An act of somebody.', { tenant, ...auditFields(WEBHOOK_ACTS) }),
  ),
);
