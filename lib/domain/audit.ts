/** Every act that is recorded, and whose it is to see: of a tenant's customers too, or of operators alone. */
const ACTS = {
  'endpoint.created': 'customers',
  'endpoint.updated': 'customers',
  'endpoint.enabled': 'customers',
  'endpoint.disabled': 'customers',
  'endpoint.deleted': 'customers',
  'endpoint.secret-revealed': 'customers',
  'endpoint.secret-rotated': 'customers',
  'endpoint.tested': 'customers',
  'draft.tested': 'customers',
  'delivery.resent': 'customers',
  'recovery.started': 'customers',
  'pause.created': 'operators',
  'pause.ended': 'operators',
  'job.started': 'operators',
  'job.stopped': 'operators',
  'tenant.settings-changed': 'operators',
  'tenant.erased': 'operators',
} as const;

/** What was done: `<thing>.<done to it>`. */
export type WebhookActName = keyof typeof ACTS;

export const WEBHOOK_ACTS = Object.keys(ACTS) as WebhookActName[];

/** Those that customers see. */
export type CustomersAct = {
  readonly [Act in WebhookActName]: (typeof ACTS)[Act] extends 'customers' ? Act : never;
}[WebhookActName];

export const CUSTOMERS_ACTS = WEBHOOK_ACTS.filter((act): act is CustomersAct => ACTS[act] === 'customers');

/** What an act was done to. */
export interface AuditSubject {
  readonly kind: 'endpoint' | 'delivery' | 'event' | 'pause' | 'job' | 'tenant';
  readonly id: string;
}

/** Names and their values, as JSON. */
export type AuditValues = Readonly<Record<string, unknown>>;

/** Shown in place of a hidden value. */
export const HIDDEN = '(hidden)';
export const HIDDEN_CHANGED = '(hidden, changed)';

/** Hides the values of headers and keeps their names. In both results, a changed value differs from an unchanged one. */
export function hiddenValues(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): [before: AuditValues, after: AuditValues] {
  const hidden = (names: string[], shown: (name: string) => string): AuditValues =>
    Object.fromEntries(names.map((name) => [name, shown(name)]));
  return [
    hidden(Object.keys(before), () => HIDDEN),
    hidden(Object.keys(after), (name) =>
      Object.hasOwn(before, name) && before[name] !== after[name] ? HIDDEN_CHANGED : HIDDEN,
    ),
  ];
}

/** Parts of a path so long are often a token: of Slack, Teams or Discord, whoever knows the URL may post. */
const LONG_PART = 16;
const SHOWN_START = 4;

/** Where a URL leads, without what may be a credential: its query, and the ends of long parts of its path. */
export function auditedUrl(url: string): string {
  if (!URL.canParse(url)) return HIDDEN;
  const { protocol, host, pathname, search } = new URL(url);
  const path = pathname
    .split('/')
    .map((part) => (part.length < LONG_PART ? part : `${part.slice(0, SHOWN_START)}…`))
    .join('/');
  return `${protocol}//${host}${path}${search === '' ? '' : '?…'}`;
}

const MAX_VALUE = 1_000;
/** Finds the secret of an endpoint within a text. */
const SECRET = /whsec_[\w+/=-]+/g;

/** Returns the values as they are stored: each of bounded size, and without secrets. */
export function auditedValues(values: AuditValues): AuditValues {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const text = JSON.stringify(value)?.replaceAll(SECRET, 'whsec_…');
      if (text === undefined) return [];
      return [[name, text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : JSON.parse(text)]];
    }),
  );
}
