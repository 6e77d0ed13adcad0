import { fieldProblem, type AnyCoded } from './field-problems.js';
import type { AddressPolicy } from './address-policy.js';
import { checkCustomHeaders } from './custom-headers.js';
import { quoted } from './shown-text.js';
import { judgeUrl } from './webhook-url.js';
import type { WebhookFieldProblem } from './webhooks.error.js';

/** OAuth 2.0 client credentials (RFC 6749, section 4.4). */
export interface OAuth2Authorization {
  readonly type: 'oauth2';
  /** The URL of the token server. It is judged like the URL of an endpoint. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  readonly audience?: string;
  /** How the client authenticates (RFC 6749, section 2.3.1). Default: `basic`. */
  readonly clientAuthentication?: 'basic' | 'body';
}

/** How requests to an endpoint say who sends them. */
export type EndpointAuthorization =
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'apiKey'; readonly header: string; readonly value: string }
  | OAuth2Authorization;

export const AUTHORIZATION_TYPES = ['bearer', 'basic', 'apiKey', 'oauth2'] as const;

/** What customers see of it: never a token, a password or a key. */
export interface ShownAuthorization {
  type: EndpointAuthorization['type'];
  /** The end of a long token, the user name, the header, or the client and the host of its token server. */
  hint: string | null;
}

interface Field {
  readonly most: number;
  readonly pattern: RegExp;
  readonly must: string;
  /** What breaking the pattern is. */
  readonly coded: AnyCoded;
  readonly isOptional?: true;
}

const token = (most: number): Field => ({
  most,
  pattern: /^[\x21-\x7e]+$/,
  must: 'must be printable ASCII without spaces',
  coded: ['not-ascii-word'],
});
const words = (most: number, more: Partial<Field> = {}): Field => ({
  most,
  pattern: /^[\x20-\x7e]+$/,
  must: 'must be printable ASCII',
  coded: ['not-ascii'],
  ...more,
});

const FIELDS: Readonly<Record<EndpointAuthorization['type'], Readonly<Record<string, Field>>>> = {
  bearer: { token: token(4_096) },
  basic: {
    // RFC 7617, section 2.
    username: {
      most: 255,
      pattern: /^[^:\p{Cc}]+$/u,
      must: 'must have no colon and no control character',
      coded: ['colon-or-control-character'],
    },
    password: {
      most: 1_024,
      pattern: /^\P{Cc}+$/u,
      must: 'must have no control character',
      coded: ['control-character'],
    },
  },
  apiKey: { header: token(64), value: words(1_024) },
  oauth2: {
    tokenUrl: words(2_048),
    clientId: words(512),
    clientSecret: words(2_048),
    scope: words(1_024, { isOptional: true }),
    audience: words(1_024, { isOptional: true }),
    clientAuthentication: {
      most: 5,
      pattern: /^(basic|body)$/,
      must: "must be 'basic' or 'body'",
      coded: ['not-one-of', { values: "'basic', 'body'" }],
      isOptional: true,
    },
  },
};

/** Lists what is wrong with an authorization. No message contains any part of it. */
export function authorizationProblems(
  given: unknown,
  policy: AddressPolicy,
  ownHeaders: readonly string[],
): WebhookFieldProblem[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return [
      fieldProblem('authorization', 'authorization must be an object with a type, or null.', 'not-object'),
    ];
  }
  const { type, ...rest } = given as Record<string, unknown>;
  const fields =
    typeof type === 'string' && Object.hasOwn(FIELDS, type) ? FIELDS[type as keyof typeof FIELDS] : undefined;
  if (!fields) {
    const types = AUTHORIZATION_TYPES.map(quoted).join(', ');
    const message = `authorization.type must be one of ${types}.`;
    return [fieldProblem('authorization.type', message, 'not-one-of', { values: types })];
  }
  const unknown = Object.keys(rest).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    const field = `authorization.${unknown.slice(0, 40)}`;
    const message = `An authorization of type '${String(type)}' has no ${quoted(unknown)}.`;
    return [fieldProblem(field, message, 'unknown-field', { name: unknown.slice(0, 40) })];
  }
  const problems = Object.entries(fields).flatMap(([name, field]) => fieldProblems(name, rest[name], field));
  if (problems.length > 0) return problems;
  return type === 'oauth2'
    ? urlProblems(rest.tokenUrl, policy)
    : type === 'apiKey'
      ? headerProblems(rest as { header: string; value: string }, ownHeaders)
      : [];
}

function fieldProblems(
  name: string,
  value: unknown,
  { most, pattern, must, coded, isOptional }: Field,
): WebhookFieldProblem[] {
  if (value === undefined && isOptional) return [];
  const field = `authorization.${name}`;
  if (typeof value !== 'string' || value === '')
    return [fieldProblem(field, `${field} must be a text that is not empty.`, 'required')];
  if (value.length > most) {
    const message = `${field} must have at most ${most} characters, got ${value.length}.`;
    return [fieldProblem(field, message, 'too-long', { most })];
  }
  return pattern.test(value) ? [] : [fieldProblem(field, `${field} ${must}.`, ...coded)];
}

function urlProblems(tokenUrl: unknown, policy: AddressPolicy): WebhookFieldProblem[] {
  const verdict = judgeUrl(tokenUrl, policy);
  return verdict.ok ? [] : [fieldProblem('authorization.tokenUrl', verdict.message, ...verdict.coded)];
}

function headerProblems(
  { header, value }: { header: string; value: string },
  ownHeaders: readonly string[],
): WebhookFieldProblem[] {
  return checkCustomHeaders({ [header]: value }, ownHeaders).map((problem) => ({
    ...problem,
    field: 'authorization.header',
  }));
}

/** The name of the header that carries it, in lower case. */
export const authorizationHeader = (shown: Pick<ShownAuthorization, 'type' | 'hint'>): string =>
  shown.type === 'apiKey' && shown.hint !== null ? shown.hint.toLowerCase() : 'authorization';

/** So many characters of a token's end are shown, if they are a small part of it. */
const SHOWN_END = 4;
const LONG_TOKEN = 24;

export function shownAuthorization(authorization: EndpointAuthorization): ShownAuthorization {
  const { type } = authorization;
  if (type === 'bearer') {
    const { token: text } = authorization;
    return { type, hint: text.length < LONG_TOKEN ? null : `…${text.slice(-SHOWN_END)}` };
  }
  if (type === 'basic') return { type, hint: authorization.username };
  if (type === 'apiKey') return { type, hint: authorization.header };
  return { type, hint: `${authorization.clientId} at ${new URL(authorization.tokenUrl).host}` };
}
