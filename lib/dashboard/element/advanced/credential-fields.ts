import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { time } from '../parts/time.js';
import { rich, t } from '../texts/t.js';
import type { AdvancedForm } from './advanced.view.js';
import { CREDENTIALS, type AdvancedDraft, type CredentialField, type CredentialKind } from './draft.js';
import { input, select } from './inputs.js';

const KINDS = Object.keys(CREDENTIALS) as CredentialKind[];
const SECRET: readonly CredentialField[] = ['token', 'password', 'value', 'clientSecret'];

export function authorizationFields(form: AdvancedForm): TemplateResult {
  const { draft, set, problems, endpoint } = form;
  const kind = draft.authorization;
  return html`${select<AdvancedDraft['authorization']>({
    id: 'authorization',
    label: t('authorization.label'),
    hint: t('authorization.hint'),
    problem: problems.get('authorization'),
    value: kind,
    options: [
      ...(endpoint?.authorization ? [['kept', keptWords(endpoint.authorization)] as const] : []),
      ['none', t('none')],
      ...KINDS.map((one) => [one, t(`authorization.${one}`)] as const),
    ],
    change: (authorization) => set({ authorization, credentials: {} }),
  })}
  ${kind === 'kept' || kind === 'none' ? nothing : html`<div class="stack nested">${CREDENTIALS[kind].map((name) => credential(form, name))}</div>`}`;
}

const keptWords = ({ type, hint }: NonNullable<WebhookEndpointView['authorization']>): string =>
  t('authorization.kept', {
    what: t(`authorization.${type}`) + (hint === null ? '' : ` (${hint})`),
  });

function credential({ draft, set, problems }: AdvancedForm, name: CredentialField): TemplateResult {
  const { credentials } = draft;
  const id = `authorization.${name}`;
  const change = (value: string): void => set({ credentials: { ...credentials, [name]: value } });
  if (name === 'clientAuthentication') {
    return select({
      id,
      label: t('authorization.clientAuthentication'),
      value: credentials[name] ?? 'basic',
      options: [
        ['basic', t('authorization.in-header')],
        ['body', t('authorization.in-body')],
      ],
      change,
    });
  }
  return input({
    id,
    label: t(`authorization.${name}`),
    problem: problems.get(id),
    value: credentials[name] ?? '',
    secret: SECRET.includes(name),
    change,
  });
}

export function certificateFields({ draft, set, problems, endpoint }: AdvancedForm): TemplateResult {
  const stored = endpoint?.clientCertificate;
  const pem = (name: 'certificate' | 'key', hint?: string): TemplateResult =>
    input({
      id: `clientCertificate.${name}`,
      label: t(`certificate.${name}`),
      hint,
      problem: problems.get(`clientCertificate.${name}`),
      value: draft.pem[name],
      rows: 4,
      change: (value) => set({ pem: { ...draft.pem, [name]: value } }),
    });
  return html`${select<AdvancedDraft['certificate']>({
    id: 'clientCertificate',
    label: t('certificate.label'),
    hint: t('certificate.hint'),
    problem: problems.get('clientCertificate'),
    value: draft.certificate,
    options: [
      ...(stored ? [['kept', t('authorization.kept', { what: stored.subject })] as const] : []),
      ['none', t('none')],
      ['new', t('certificate.new')],
    ],
    change: (certificate) => set({ certificate }),
  })}
  ${stored && draft.certificate === 'kept' ? certificateFacts(stored) : nothing}
  ${
    draft.certificate === 'new'
      ? html`<div class="stack nested">
          ${pem('certificate', t('certificate.certificate.hint'))} ${pem('key')}
        </div>`
      : nothing
  }`;
}

const certificateFacts = ({
  issuer,
  expiresAt,
  fingerprint,
}: NonNullable<WebhookEndpointView['clientCertificate']>): TemplateResult =>
  html`<dl class="facts nested small">
    <dt>${t('certificate.issuer')}</dt>
    <dd>${issuer}</dd>
    <dt>${t('certificate.expires')}</dt>
    <dd>${time(expiresAt)}</dd>
    <dt>${t('certificate.fingerprint')}</dt>
    <dd><code class="break">${fingerprint}</code></dd>
  </dl>`;

/** The field for the secret of a new webhook, if the app lets customers choose it. */
export function ownSecretFields({ draft, set, problems }: AdvancedForm): TemplateResult {
  const { secret } = draft;
  return html`${select({
    id: 'signing-secret',
    label: t('secret.heading'),
    hint: t('own-secret.hint'),
    value: secret === undefined ? 'new' : 'own',
    options: [
      ['new', t('own-secret.new')],
      ['own', t('own-secret.own')],
    ],
    change: (choice) => set({ secret: choice === 'own' ? '' : undefined }),
  })}
  ${
    secret === undefined
      ? nothing
      : html`<div class="stack nested">
          ${input({
            id: 'secret',
            label: t('own-secret.label'),
            hint: rich('own-secret.form'),
            problem: problems.get('secret'),
            value: secret,
            secret: true,
            change: (value) => set({ secret: value }),
          })}
        </div>`
  }`;
}
