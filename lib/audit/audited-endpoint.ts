import { HIDDEN, HIDDEN_CHANGED, auditedUrl, hiddenValues, type AuditValues } from '../domain/audit.js';
import type { RecordedAct } from './audit-log.js';
import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';

/** The fields that people set. Consequences, such as `disabledAt`, are not recorded. */
const FIELDS = [
  'name',
  'url',
  'description',
  'events',
  'active',
  'disabledReason',
  'disabledNote',
  'headers',
  'authorization',
  'clientCertificate',
  'rateLimit',
  'concurrency',
  'representation',
  'version',
  'filter',
] as const satisfies readonly (keyof WebhookEndpoint)[];

type Field = (typeof FIELDS)[number];

/** Enabling or disabling changes exactly these fields. */
const SWITCH: readonly Field[] = ['active', 'disabledReason', 'disabledNote'];

/** Where the secret behind each hint is stored. */
const SECRETS: Partial<Record<Field, keyof WebhookEndpoint>> = {
  authorization: 'authorizationSecret',
  clientCertificate: 'certificateSecret',
};

export type EndpointState = Pick<WebhookEndpoint, Field>;

/** The settings of an endpoint, without its secrets. */
export const auditedEndpoint = (endpoint: EndpointState): AuditValues =>
  Object.fromEntries(
    FIELDS.filter((field) => isSet(endpoint[field])).map((field) => [field, shown(field, endpoint)]),
  );

/**
 * The act that a change amounts to; `undefined` if nothing differs. A new secret counts even if its hint looks the
 * same.
 */
export function endpointChange(
  before: EndpointState,
  changes: Partial<WebhookEndpoint>,
): Pick<RecordedAct, 'act' | 'before' | 'after'> | undefined {
  const after = { ...before, ...changes };
  const fields = FIELDS.filter(
    (field) => isRenewed(field, changes) || JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  if (fields.length === 0) return undefined;
  const isSwitch = fields.every((field) => SWITCH.includes(field));
  const sides = fields.map((field) => [field, shownBoth(field, before, after)] as const);
  return {
    act: !isSwitch ? 'endpoint.updated' : after.active ? 'endpoint.enabled' : 'endpoint.disabled',
    before: Object.fromEntries(sides.map(([field, [one]]) => [field, one])),
    after: Object.fromEntries(sides.map(([field, [, other]]) => [field, other])),
  };
}

function isRenewed(field: Field, changes: Partial<WebhookEndpoint>): boolean {
  const secret = SECRETS[field];
  return secret !== undefined && (changes[secret] ?? null) !== null;
}

function shownBoth(field: Field, before: EndpointState, after: EndpointState): [unknown, unknown] {
  if (field === 'headers') return hiddenValues(before.headers, after.headers);
  const sides: [unknown, unknown] = [shown(field, before), shown(field, after)];
  // A template changed, or only the query of a URL.
  if (isTemplate(after[field]) && isTemplate(before[field])) return [sides[0], { template: HIDDEN_CHANGED }];
  return sides;
}

/** Customers may put a key into the body, so a template is as secret as a header. */
function shown(field: Field, endpoint: EndpointState): unknown {
  const value = endpoint[field];
  if (field === 'url') return auditedUrl(endpoint.url);
  if (field === 'headers') return hiddenValues({}, endpoint.headers)[1];
  return isTemplate(value) ? { template: HIDDEN } : value;
}

const isTemplate = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'template' in value;

const isSet = (value: unknown): boolean =>
  value !== null && !(typeof value === 'object' && Object.keys(value).length === 0);
