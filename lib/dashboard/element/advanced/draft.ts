import type { WebhookEndpointView, WebhookSettingsView } from '../api/api-types.js';
import { syntaxWords } from '../parts/json-words.js';
import { t } from '../texts/t.js';
import type { Advanced, Problems } from '../views/form-values.js';

/** The value of `representation` for a template. No representation can have this name. */
export const TEMPLATE = '{';

/** The fields of each kind, in the order of the form. */
export const CREDENTIALS = {
  bearer: ['token'],
  basic: ['username', 'password'],
  apiKey: ['header', 'value'],
  oauth2: ['tokenUrl', 'clientId', 'clientSecret', 'scope', 'audience', 'clientAuthentication'],
} as const;
export type CredentialKind = keyof typeof CREDENTIALS;
export type CredentialField = (typeof CREDENTIALS)[CredentialKind][number];
const OPTIONAL: readonly string[] = ['scope', 'audience', 'clientAuthentication'];

/** The advanced part of the form, as typed. */
export interface AdvancedDraft {
  /** A name, or `TEMPLATE`. */
  readonly representation: string;
  readonly template: string;
  /** '' if the app has no versions. */
  readonly version: string;
  readonly authorization: CredentialKind | 'kept' | 'none';
  readonly credentials: Readonly<Partial<Record<CredentialField, string>>>;
  readonly certificate: 'kept' | 'none' | 'new';
  readonly pem: Readonly<Record<'certificate' | 'key', string>>;
  /** `undefined` means that the app generates one. */
  readonly secret: string | undefined;
}

export function draftOf(
  endpoint: WebhookEndpointView | undefined,
  settings: WebhookSettingsView,
): AdvancedDraft {
  const representation = endpoint?.representation ?? 'envelope';
  const isNamed = typeof representation === 'string';
  return {
    representation: isNamed ? representation : TEMPLATE,
    template: JSON.stringify(isNamed ? EXAMPLE : representation.template, null, 2),
    version: versionOf(endpoint, settings),
    authorization: endpoint?.authorization ? 'kept' : 'none',
    credentials: {},
    certificate: endpoint?.clientCertificate ? 'kept' : 'none',
    pem: { certificate: '', key: '' },
    secret: undefined,
  };
}

const EXAMPLE = { text: 'New: {{event_type}}', data: '{{data}}' };

/** Endpoints from before the first version get the oldest; new ones get the newest. */
const versionOf = (endpoint: WebhookEndpointView | undefined, { versions }: WebhookSettingsView): string =>
  endpoint?.version ?? versions.at(endpoint ? 0 : -1)?.version ?? '';

/** Returns what differs from the stored values. */
export function changesIn(
  draft: AdvancedDraft,
  endpoint: WebhookEndpointView | undefined,
  settings: WebhookSettingsView,
): Advanced {
  const { authorization, certificate, credentials, pem, secret } = draft;
  const representation = chosenForm(draft);
  const isChanged = JSON.stringify(representation) !== JSON.stringify(endpoint?.representation ?? 'envelope');
  return {
    ...(representation !== undefined && isChanged && { representation }),
    ...(draft.version !== versionOf(endpoint, settings) && { version: draft.version }),
    ...(authorization === 'none' && endpoint?.authorization && { authorization: null }),
    ...(authorization !== 'none' &&
      authorization !== 'kept' && { authorization: authorizationIn(authorization, credentials) }),
    ...(certificate === 'none' && endpoint?.clientCertificate && { clientCertificate: null }),
    ...(certificate === 'new' && {
      clientCertificate: { certificate: pem.certificate.trim(), key: pem.key.trim() },
    }),
    ...(secret !== undefined && { secret: secret.trim() }),
  };
}

/** `undefined` while the template is not valid JSON. */
export function chosenForm({ representation, template }: AdvancedDraft): Advanced['representation'] {
  if (representation !== TEMPLATE) return representation;
  try {
    return { template: JSON.parse(template) as object };
  } catch {
    return undefined;
  }
}

function authorizationIn(
  type: CredentialKind,
  credentials: AdvancedDraft['credentials'],
): NonNullable<Advanced['authorization']> {
  const given = CREDENTIALS[type]
    .map((name) => [name, (credentials[name] ?? '').trim()])
    .filter(([, value]) => value !== '');
  return { type, ...Object.fromEntries(given) } as NonNullable<Advanced['authorization']>;
}

/** What prevents saving, by field name of the routes. */
export function problemsInDraft(draft: AdvancedDraft): Problems {
  const problems = new Map<string, string>();
  const { representation, template, authorization, credentials, certificate, pem, secret } = draft;
  const need = (key: string, value = ''): void => {
    if (value.trim() === '') problems.set(key, t('problem.required'));
  };
  if (representation === TEMPLATE) {
    const words = syntaxWords(template).join(' ');
    if (words !== '') problems.set('representation', words);
  }
  if (authorization !== 'none' && authorization !== 'kept') {
    for (const name of CREDENTIALS[authorization]) {
      if (!OPTIONAL.includes(name)) need(`authorization.${name}`, credentials[name]);
    }
  }
  if (certificate === 'new') {
    need('clientCertificate.certificate', pem.certificate);
    need('clientCertificate.key', pem.key);
  }
  if (secret !== undefined) need('secret', secret);
  return problems;
}
