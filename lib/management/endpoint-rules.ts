import { fieldProblem } from '../domain/field-problems.js';
import { representationProblems, versionProblems } from './representation-rules.js';
import { developerHint } from '../config/developer-hint.js';
import { namesProblem } from '../config/option-names.js';
import type { Representations } from '../config/representations.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import type { AddressPolicy } from '../domain/address-policy.js';
import { certificateProblems } from '../domain/client-certificate.js';
import { authorizationProblems } from '../domain/authorization.js';
import { checkCustomHeaders } from '../domain/custom-headers.js';
import { isEventTypePattern } from '../domain/event-type.js';
import { ENVELOPE_NAME } from '../domain/representation/choice.js';
import { filterProblems } from '../domain/filter-rules.js';
import { quoted } from '../domain/shown-text.js';
import { judgeUrl } from '../domain/webhook-url.js';
import { InvalidWebhookInputError, type WebhookFieldProblem } from '../domain/webhooks.error.js';
import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import type { WebhookEndpointChanges } from '../persistence/webhook-endpoint.repository.js';

/** Event type patterns of one endpoint. */
export const MAX_PATTERNS = 200;

export interface EndpointRules {
  readonly catalogue: EventCatalogue;
  readonly policy: AddressPolicy;
  /** Header names of the app's signatures, which no endpoint may have. */
  readonly signatureHeaders: readonly string[];
  readonly representations: Representations;
  /** Epoch ms. */
  readonly now: number;
}

const FIELDS = [
  'name',
  'url',
  'events',
  'active',
  'description',
  'headers',
  'rateLimit',
  'concurrency',
  'representation',
  'version',
  'filter',
  'authorization',
  'clientCertificate',
];

type Stored = Pick<WebhookEndpoint, 'url' | 'events' | 'headers' | 'representation' | 'version'>;

/**
 * Returns the input in the form that is stored: the URL as it was parsed and judged, and no pattern twice.
 * @param stored the present values, which a change may keep although today's rules refuse them: an event type may have
 * left the catalogue since. A request is judged again before it is sent.
 * @throws InvalidWebhookInputError with every problem
 */
export function checkedEndpoint<Input extends WebhookEndpointChanges>(
  input: Input,
  rules: EndpointRules,
  stored?: Stored,
): Input {
  const unknown = namesProblem(input, FIELDS);
  if (unknown) {
    const { name } = unknown;
    const message = `${quoted(name)} ${unknown.problem}`;
    throw new InvalidWebhookInputError([fieldProblem(name, message, 'unknown-field', { name })]);
  }
  const { url, events, headers, filter } = input;
  const problems: WebhookFieldProblem[] = [];
  const verdict = url === undefined || url === stored?.url ? undefined : judgeUrl(url, rules.policy);
  if (verdict?.ok === false) {
    const message = verdict.message + developerHint(verdict.options);
    problems.push(fieldProblem('url', message, ...verdict.coded));
  }
  if (events && events.length > MAX_PATTERNS) {
    const message = `events can have ${MAX_PATTERNS} entries at most, got ${events.length}. A group such as 'post.*' stands for many.`;
    problems.push(fieldProblem('events', message, 'too-many-items', { most: MAX_PATTERNS }));
  }
  for (const [index, pattern] of (events ?? []).entries()) {
    if (isEventTypePattern(pattern) && rules.catalogue.hasPattern(pattern)) continue;
    if (stored?.events.includes(pattern)) continue;
    const type = quoted(String(pattern));
    const message = `${type} is no event type of this app, no group of them such as 'post.*', and not '*'.`;
    problems.push(fieldProblem(`events[${index}]`, message, 'unknown-event-type', { type }));
  }
  if (input.authorization)
    problems.push(...authorizationProblems(input.authorization, rules.policy, rules.signatureHeaders));
  if (input.clientCertificate)
    problems.push(...certificateProblems('clientCertificate', input.clientCertificate, rules.now));
  if (headers !== undefined)
    problems.push(...checkCustomHeaders(headers, rules.signatureHeaders, stored?.headers));
  const representation = input.representation === ENVELOPE_NAME ? null : input.representation;
  const isMoved = input.version !== stored?.version;
  if (isMoved)
    problems.push(...versionProblems(input.version ?? undefined, rules.representations, rules.now));
  problems.push(...representationProblems({ events, representation, version: input.version }, rules, stored));
  if (filter !== undefined && filter !== null) problems.push(...filterProblems(filter));
  if (problems.length > 0) throw new InvalidWebhookInputError(problems);
  return {
    ...input,
    ...(verdict?.ok ? { url: verdict.url.href } : {}),
    ...(events ? { events: [...new Set(events)] } : {}),
    ...(representation === undefined ? {} : { representation }),
  };
}
