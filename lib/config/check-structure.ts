import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { OWN_DATA_SOURCE, checkDatabase, type OwnDatabase } from './database-option.js';
import { checkDocuments, type WebhooksDocumentsConfig } from './documents-options.js';
import { checkGuide, type WebhooksGuideConfig } from './guide-options.js';
import { checkOperator, checkPath, type WebhooksOperatorConfig } from './operator-options.js';
import type {
  WebhooksApiOptions,
  WebhooksQueueOption,
  WebhooksStructureOptions,
} from './webhooks-options.js';

const QUEUES: readonly WebhooksQueueOption[] = ['bull', 'bullmq', 'notify', 'in-process'];

/** The structure with its defaults. */
export interface WebhooksStructure {
  /** `undefined`: this process does not know. */
  readonly tenants: boolean | undefined;
  readonly api: (WebhooksApiOptions & { readonly path: string }) | false;
  readonly dashboard: boolean;
  readonly guide: WebhooksGuideConfig | false;
  readonly documents: WebhooksDocumentsConfig | false;
  readonly operator: WebhooksOperatorConfig | false;
  readonly queue: WebhooksQueueOption;
  readonly worker: boolean;
  readonly dataSource: string | undefined;
  /** The database of a `DataSource` that the module opens itself; `undefined`: the app opens it. */
  readonly database: OwnDatabase | undefined;
  readonly transaction: WebhooksStructureOptions['transaction'];
  readonly imports: NonNullable<WebhooksStructureOptions['imports']>;
}

/** @throws InvalidWebhooksOptionError */
export function checkStructure(options: WebhooksStructureOptions): WebhooksStructure {
  const { events, api = {}, queue = 'in-process', worker = true, dataSource, imports = [] } = options;
  const { transaction } = options;
  const { dashboard = api !== false } = options;
  if (events !== undefined) checkEvents(events);
  if (!QUEUES.includes(queue)) {
    throw new InvalidWebhooksOptionError(
      'queue',
      `must be 'bull', 'bullmq', 'notify' or 'in-process', got ${JSON.stringify(queue)}.`,
    );
  }
  if (typeof dashboard !== 'boolean' || (dashboard && api === false)) {
    throw new InvalidWebhooksOptionError(
      'dashboard',
      `must be true or false, and false with api: false, since it shows what the routes answer; got ${JSON.stringify(dashboard)}.`,
    );
  }
  if (typeof worker !== 'boolean') {
    throw new InvalidWebhooksOptionError('worker', `must be true or false, got ${JSON.stringify(worker)}.`);
  }
  if (dataSource !== undefined && (typeof dataSource !== 'string' || dataSource === '')) {
    throw new InvalidWebhooksOptionError(
      'dataSource',
      `must be the name of a DataSource, got ${typeof dataSource}.`,
    );
  }
  const database = checkDatabase(options);
  if (!Array.isArray(imports)) {
    throw new InvalidWebhooksOptionError('imports', `must be a list of modules, got ${typeof imports}.`);
  }
  if (transaction !== undefined && typeof transaction?.useFactory !== 'function') {
    throw new InvalidWebhooksOptionError(
      'transaction',
      'must say how to get the current EntityManager: { inject: [TransactionHost], useFactory: (host) => () => host.tx }.',
    );
  }
  const routes = checkApi(api);
  return Object.freeze({
    api: routes,
    tenants: checkTenants(options),
    dashboard,
    guide: checkGuide(options.guide),
    documents: checkDocuments(options.documents),
    operator: checkOperator(options.operator, routes),
    queue,
    worker,
    dataSource: database ? OWN_DATA_SOURCE : dataSource,
    database,
    transaction,
    imports,
  });
}

/** Routes and emits have to agree about tenants: an event without a tenant reaches no webhook of one. */
function checkTenants({ tenants, api = {} }: WebhooksStructureOptions): boolean | undefined {
  const fail = (problem: string): never => {
    throw new InvalidWebhooksOptionError('tenants', problem);
  };
  if (tenants !== undefined && typeof tenants !== 'boolean') {
    fail(`must be true or false, got ${JSON.stringify(tenants)}.`);
  }
  if (api === false) return tenants;
  const hasTenant = api.tenant !== undefined;
  if (tenants === true && !hasTenant) {
    fail(
      'is true, but api.tenant is missing, so that the routes would manage webhooks of no tenant, which no event reaches. ' +
        'Write api: { tenant: (request) => request.user.accountId }.',
    );
  }
  if (tenants === false && hasTenant) {
    fail('is false, but api.tenant is given. Leave one of them out.');
  }
  return hasTenant;
}

/**
 * @throws InvalidWebhooksOptionError if it is no catalogue at all. Its entries are checked later, once all are known
 */
export function checkEvents(events: unknown): void {
  if (typeof events === 'object' && events !== null && !Array.isArray(events)) return;
  throw new InvalidWebhooksOptionError(
    'events',
    `must be an object with an entry for each event type, got ${Array.isArray(events) ? 'a list' : String(events)}.`,
  );
}

function checkApi(api: WebhooksApiOptions | false): WebhooksStructure['api'] {
  if (api === false) return false;
  if (typeof api !== 'object' || api === null) {
    throw new InvalidWebhooksOptionError(
      'api',
      `must be an object, or false for no routes, got ${String(api)}.`,
    );
  }
  const { guards = [], path = 'webhooks', tenant } = api;
  if (!Array.isArray(guards)) {
    throw new InvalidWebhooksOptionError(
      'api.guards',
      `must be a list of guards, got ${typeof guards}. Write [YourAuthGuard].`,
    );
  }
  if (tenant !== undefined && typeof tenant !== 'function') {
    throw new InvalidWebhooksOptionError(
      'api.tenant',
      `must be a function of the request, such as (request) => request.user.accountId, got ${typeof tenant}.`,
    );
  }
  if (api.actor !== undefined && typeof api.actor !== 'function') {
    throw new InvalidWebhooksOptionError(
      'api.actor',
      `must be a function of the request, such as (request) => request.user.email, got ${typeof api.actor}.`,
    );
  }
  if (api.public !== undefined && typeof api.public !== 'boolean') {
    throw new InvalidWebhooksOptionError(
      'api.public',
      `must be true or false, got ${JSON.stringify(api.public)}.`,
    );
  }
  if (guards.length === 0 && api.public !== true) {
    throw new InvalidWebhooksOptionError(
      'api.guards',
      'is missing: anybody could read and change every webhook. Write api: { guards: [YourAuthGuard], ' +
        'tenant: (request) => request.user.accountId }. If the app’s global guards protect the routes, say so ' +
        'with api: { public: true }; for no routes, api: false.',
    );
  }
  for (const [index, guard] of guards.entries()) {
    if (typeof guard === 'function' || typeof guard?.canActivate === 'function') continue;
    throw new InvalidWebhooksOptionError(`api.guards[${index}]`, `must be a guard, got ${String(guard)}.`);
  }
  return { ...api, path: checkPath('api.path', path) };
}
