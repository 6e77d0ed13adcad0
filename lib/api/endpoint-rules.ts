import type { EventCatalogue } from '../config/event-catalogue.js';
import type { AddressPolicy } from '../domain/address-policy.js';
import { checkCustomHeaders } from '../domain/custom-headers.js';
import { isEventTypePattern } from '../domain/event-type.js';
import { judgeUrl } from '../domain/webhook-url.js';
import { InvalidWebhookInputError, type WebhookFieldProblem } from '../domain/webhooks.error.js';
import type { WebhookEndpointChanges } from '../persistence/webhook-endpoint.repository.js';

export interface EndpointRules {
  readonly catalogue: EventCatalogue;
  readonly policy: AddressPolicy;
  readonly signatureHeader: string;
}

/**
 * Checks what the types of an input can't say.
 * @throws InvalidWebhookInputError with every problem
 */
export function checkEndpoint({ url, events, headers }: WebhookEndpointChanges, rules: EndpointRules): void {
  const problems: WebhookFieldProblem[] = [];
  if (url !== undefined) {
    const verdict = judgeUrl(url, rules.policy);
    if (!verdict.ok) problems.push({ field: 'url', message: verdict.message });
  }
  for (const [index, pattern] of (events ?? []).entries()) {
    if (isEventTypePattern(pattern) && rules.catalogue.hasPattern(pattern)) continue;
    problems.push({
      field: `events[${index}]`,
      message: `'${String(pattern).slice(0, 64)}' is no event type of this app, no group of them such as 'post.*', and not '*'.`,
    });
  }
  if (headers !== undefined) problems.push(...checkCustomHeaders(headers, [rules.signatureHeader]));
  if (problems.length > 0) throw new InvalidWebhookInputError(problems);
}
