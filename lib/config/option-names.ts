import { nearestName } from '../domain/nearest-name.js';
import { quoted } from '../domain/shown-text.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import type { WebhooksDocumentsOptions } from './documents-options.js';
import type { WebhooksGuideOptions } from './guide-options.js';
import type { WebhooksOperatorOptions } from './operator-options.js';
import type {
  DomainEventMapping,
  EmitWebhookOptions,
  WebhookEventTypeOptions,
  WebhookEventVersionOptions,
  WebhookMappingOptions,
} from './webhook-event-options.js';
import type {
  WebhooksApiOptions,
  WebhooksOptions,
  WebhooksStructureOptions,
  WebhooksTransactionOptions,
} from './webhooks-options.js';

/** Lists every name once. If one is missing here, the code does not compile. */
type Names<Options> = Readonly<Record<keyof Options, true>>;
type Group<Name extends keyof WebhooksOptions> = Names<
  Exclude<WebhooksOptions[Name], string | undefined | false>
>;

const STRUCTURE: Names<WebhooksStructureOptions> = {
  events: true,
  tenants: true,
  api: true,
  dashboard: true,
  guide: true,
  documents: true,
  operator: true,
  queue: true,
  worker: true,
  dataSource: true,
  database: true,
  transaction: true,
  imports: true,
};
const API: Names<WebhooksApiOptions> = {
  path: true,
  guards: true,
  public: true,
  tenant: true,
  actor: true,
  version: true,
};
const GUIDE: Names<WebhooksGuideOptions> = {
  title: true,
  product: true,
  apiReference: true,
  parts: true,
  public: true,
  guards: true,
};
const DOCUMENTS: Names<WebhooksDocumentsOptions> = {
  title: true,
  version: true,
  servers: true,
  security: true,
  tags: true,
  rename: true,
  swagger: true,
  public: true,
  guards: true,
};
const OPERATOR: Names<WebhooksOperatorOptions> = { path: true, guards: true, actor: true, version: true };
const TRANSACTION: Names<WebhooksTransactionOptions> = { inject: true, useFactory: true };
const VALUES: Names<WebhooksOptions> = {
  redis: true,
  redisPrefix: true,
  retry: true,
  delivery: true,
  network: true,
  signature: true,
  representations: true,
  cloudEvents: true,
  versions: true,
  encryption: true,
  disableAfter: true,
  failingAfter: true,
  lagAfter: true,
  probeEvery: true,
  retention: true,
  audit: true,
  telemetry: true,
  limits: true,
};
const GROUPS: {
  readonly [
    Name in
      | 'retry'
      | 'delivery'
      | 'network'
      | 'signature'
      | 'cloudEvents'
      | 'encryption'
      | 'audit'
      | 'telemetry'
      | 'limits'
  ]: Group<Name>;
} = {
  retry: { schedule: true, jitter: true },
  delivery: {
    timeout: true,
    concurrency: true,
    endpointConcurrency: true,
    captureBytes: true,
    lease: true,
    pollInterval: true,
    shutdownGrace: true,
  },
  network: {
    allowHttp: true,
    allowPrivateNetworks: true,
    allowedAddresses: true,
    allowedHosts: true,
    ca: true,
    clientCertificate: true,
    proxy: true,
  },
  signature: { header: true, rotation: true, overlap: true, schemes: true, keys: true, ownSecrets: true },
  cloudEvents: { source: true },
  encryption: { keys: true },
  audit: { retention: true },
  telemetry: { traces: true, propagate: true, metrics: true, labels: true },
  limits: { bodyBytes: true, endpointsPerTenant: true, testsPerMinute: true, resendsPerMinute: true },
};
/** From Nest's `ConfigurableModuleAsyncOptions`. */
const ASYNC = ['imports', 'inject', 'useFactory', 'useClass', 'useExisting', 'provideInjectionTokensFrom'];

const EMIT: Names<EmitWebhookOptions> = {
  tenant: true,
  manager: true,
  transaction: true,
  idempotencyKey: true,
};
const EMIT_NAMES = Object.keys(EMIT);
const MAPPING: Names<WebhookMappingOptions<never[]>> = {
  data: true,
  tenant: true,
  when: true,
  idempotencyKey: true,
  manager: true,
  transaction: true,
};
const DOMAIN_EVENT: Names<DomainEventMapping> = { ...MAPPING, on: true };
const EVENT_TYPE: Names<WebhookEventTypeOptions> = {
  description: true,
  descriptions: true,
  group: true,
  groups: true,
  payload: true,
  extraFields: true,
  schema: true,
  example: true,
  versions: true,
  on: true,
};
const EVENT_VERSION: Names<WebhookEventVersionOptions> = { down: true, payload: true, schema: true };

const namesOf = (names: Readonly<Record<string, true>>): string[] => Object.keys(names);

/** @throws InvalidWebhooksOptionError for a name that `forRoot` does not know, at any depth */
export function checkRootNames(options: object): void {
  checkNames('', options, [...namesOf(STRUCTURE), ...namesOf(VALUES)]);
  checkStructureGroups(options);
  checkGroups(options);
}

/**
 * @throws InvalidWebhooksOptionError for a name that `forRootAsync` does not know, or a value that belongs into its
 * factory
 */
export function checkAsyncNames(options: object): void {
  const value = Object.keys(options ?? {}).find((name) => Object.hasOwn(VALUES, name));
  if (value !== undefined) {
    throw new InvalidWebhooksOptionError(value, 'is a value: in forRootAsync, give it from useFactory.');
  }
  checkNames('', options, [...namesOf(STRUCTURE), ...ASYNC]);
  checkStructureGroups(options);
}

/** @throws InvalidWebhooksOptionError for a name that an async factory can't return */
export function checkFactoryNames(values: object): void {
  const structure = Object.keys(values ?? {}).find((name) => Object.hasOwn(STRUCTURE, name));
  if (structure !== undefined) {
    throw new InvalidWebhooksOptionError(
      structure,
      'is needed before a factory runs: in forRootAsync, write it beside useFactory.',
    );
  }
  checkNames('', values, namesOf(VALUES));
  checkGroups(values);
}

/** @throws InvalidWebhooksOptionError */
export const checkFeatureNames = (options: object): void => checkNames('', options, ['events']);

/** @throws InvalidWebhooksOptionError */
export const checkEventTypeNames = (path: string, entry: object): void =>
  checkNames(path, entry, namesOf(EVENT_TYPE));

/** @throws InvalidWebhooksOptionError */
export const checkEventVersionNames = (path: string, entry: object): void =>
  checkNames(path, entry, namesOf(EVENT_VERSION));

/**
 * Refuses a mapping with unknown names, or with values that must be functions and are none.
 * @param more names in addition to those of every mapping
 * @throws InvalidWebhooksOptionError
 */
export function checkMapping(path: string, mapping: object, more: 'method' | 'class' | 'catalogue'): void {
  if (typeof mapping !== 'object' || mapping === null) {
    throw new InvalidWebhooksOptionError(path, `must be an object, got ${nameOf(mapping)}.`);
  }
  const known = more === 'method' ? MAPPING : DOMAIN_EVENT;
  checkNames(path, mapping, [...namesOf(known), ...(more === 'class' ? ['type'] : [])]);
  const { data, when, manager, transaction, tenant, idempotencyKey, on, type } = mapping as Record<
    string,
    unknown
  >;
  for (const [name, value] of Object.entries({ data, when, manager, transaction })) {
    if (value !== undefined && typeof value !== 'function') {
      throw new InvalidWebhooksOptionError(`${path}.${name}`, `must be a function, got ${nameOf(value)}.`);
    }
  }
  for (const [name, value] of Object.entries({ tenant, idempotencyKey })) {
    if (value !== undefined && typeof value !== 'function' && typeof value !== 'string') {
      throw new InvalidWebhooksOptionError(
        `${path}.${name}`,
        `must be a text, or a function that gives it, got ${nameOf(value)}.`,
      );
    }
  }
  const texts = more === 'method' ? {} : more === 'class' ? { on, type } : { on };
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value === 'string' && value !== '') continue;
    throw new InvalidWebhooksOptionError(`${path}.${name}`, `must be a name, got ${nameOf(value)}.`);
  }
}

/** Says why a value is no object with these names, for other options than the module's. */
export function namesProblem(
  options: object,
  known: readonly string[],
): { name: string; problem: string } | undefined {
  const name = Object.keys(options).find((one) => !known.includes(one));
  return name === undefined ? undefined : { name, problem: unknownProblem(name, known) };
}

/** The first name that `emit` does not know, with what to do about it. */
export const emitNameProblem = (options: object): ReturnType<typeof namesProblem> =>
  namesProblem(options, EMIT_NAMES);

function checkStructureGroups(options: object): void {
  const { api, guide, documents, operator, transaction } = options as Partial<WebhooksStructureOptions>;
  if (isGroup(api)) checkNames('api', api, namesOf(API));
  if (isGroup(guide)) checkNames('guide', guide, namesOf(GUIDE));
  if (isGroup(documents)) checkNames('documents', documents, namesOf(DOCUMENTS));
  if (isGroup(operator)) checkNames('operator', operator, namesOf(OPERATOR));
  if (isGroup(transaction)) checkNames('transaction', transaction, namesOf(TRANSACTION));
}

function checkGroups(values: object): void {
  for (const [name, known] of Object.entries(GROUPS)) {
    const group = (values as Record<string, unknown>)[name];
    if (group === undefined || (name === 'audit' && group === false)) continue;
    if (!isGroup(group))
      throw new InvalidWebhooksOptionError(name, `must be an object, got ${nameOf(group)}.`);
    checkNames(name, group, namesOf(known));
  }
}

function checkNames(path: string, options: object, known: readonly string[]): void {
  if (!isGroup(options)) {
    throw new InvalidWebhooksOptionError(path || 'The options', `must be an object, got ${nameOf(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new InvalidWebhooksOptionError(path === '' ? name : `${path}.${name}`, unknownProblem(name, known));
  }
}

function unknownProblem(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `is no option. Did you mean ${nearest}?`;
  return `is no option. There are ${known.map(quoted).join(', ')}.`;
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (value: unknown): string =>
  value === null || Array.isArray(value) ? (value === null ? 'null' : 'a list') : typeof value;
