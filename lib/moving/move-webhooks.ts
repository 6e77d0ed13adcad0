import { fieldProblem } from '../domain/field-problems.js';
import { InvalidWebhookInputError, WebhooksError } from '../domain/webhooks.error.js';
import type { WebhooksService } from '../webhooks.service.js';
import type { MovedWebhook } from './moved-webhook.js';

export interface MoveWebhooksOptions {
  /** Checks everything and creates nothing. Default: false. */
  readonly dryRun?: boolean;
  /** The event types here for a type of the other sender; `[]`: none. Default: the same name. */
  readonly eventsFor?: (type: string) => readonly string[];
  /** Called for each webhook after it was handled. */
  readonly onMoved?: (moved: MovedWebhookResult) => void;
}

/** The result for one webhook. Contains no secret. */
export interface MovedWebhookResult {
  readonly tenant: string;
  /** The host only: a path may contain a token. */
  readonly host: string;
  /** `there`: the webhook exists, from an earlier run or from the customer. */
  readonly outcome: 'created' | 'there' | 'refused';
  /** Why it was refused. */
  readonly problem?: string;
}

export interface MoveWebhooksSummary {
  readonly created: number;
  readonly there: number;
  readonly refused: number;
  readonly results: readonly MovedWebhookResult[];
}

const PAGE = 250;

/**
 * Creates the webhooks of another sender here, with the secrets that their servers know (option
 * `signature.ownSecrets`). If the tenant already has a webhook with that URL, it stays as it is, so you can run this
 * again. A webhook that can't be created is refused with its reason, and the others continue.
 * @throws WebhooksSourceError if the other sender can't be read
 */
export async function moveWebhooks(
  webhooks: WebhooksService,
  source: Iterable<MovedWebhook> | AsyncIterable<MovedWebhook>,
  { dryRun = false, eventsFor = (type) => [type], onMoved }: MoveWebhooksOptions = {},
): Promise<MoveWebhooksSummary> {
  const results: MovedWebhookResult[] = [];
  const known = new Map<string, Promise<Set<string>>>();
  const urlsFor = (tenant: string): Promise<Set<string>> => {
    if (!known.has(tenant)) known.set(tenant, urlsOf(webhooks, tenant));
    return known.get(tenant)!;
  };
  for await (const given of source) {
    const result =
      halfRead(given) ??
      (await moveOne(webhooks, given, { urls: await urlsFor(given.tenant), dryRun, eventsFor }));
    results.push(result);
    onMoved?.(result);
  }
  const count = (outcome: MovedWebhookResult['outcome']): number =>
    results.filter((one) => one.outcome === outcome).length;
  return { created: count('created'), there: count('there'), refused: count('refused'), results };
}

interface Moving extends Required<Pick<MoveWebhooksOptions, 'dryRun' | 'eventsFor'>> {
  readonly urls: Set<string>;
}

async function moveOne(
  webhooks: WebhooksService,
  { tenant, events, name, ...given }: MovedWebhook,
  { urls, dryRun, eventsFor }: Moving,
): Promise<MovedWebhookResult> {
  const url = URL.canParse(given.url) ? new URL(given.url) : undefined;
  const told = { tenant, host: url?.host ?? '' };
  if (url && urls.has(url.href)) return { ...told, outcome: 'there' };
  const wanted = events === undefined ? ['*'] : [...new Set(events.flatMap(eventsFor))];
  try {
    if (wanted.length === 0) throw new InvalidWebhookInputError([NO_EVENTS]);
    const input = { ...given, name: name ?? told.host, events: wanted, headers: { ...given.headers } };
    if (dryRun) webhooks.endpoints.check(input);
    else await webhooks.endpoints.create(tenant, input);
  } catch (error) {
    if (!(error instanceof WebhooksError)) throw error;
    return { ...told, outcome: 'refused', problem: error.message };
  }
  if (url) urls.add(url.href);
  return { ...told, outcome: 'created' };
}

/**
 * The refusal of a webhook that its source gave without something; `undefined` if all is there. Without its secret it
 * would get a new one, which its server does not know; without its tenant it would be nobody's.
 */
function halfRead(given: MovedWebhook): MovedWebhookResult | undefined {
  const { tenant, url, events } = given;
  const problems = (['tenant', 'url', 'secret'] as const)
    .filter((field) => typeof given[field] !== 'string')
    .map((field) => `${field} must be a text, got ${given[field] === null ? 'null' : typeof given[field]}.`);
  if (events !== undefined && !Array.isArray(events))
    problems.push('events must be a list of types; left out, it stands for all.');
  if (problems.length === 0) return undefined;
  const host = URL.canParse(url) ? new URL(url).host : '';
  return { tenant: String(tenant), host, outcome: 'refused', problem: problems.join(' ') };
}

const NO_EVENTS = fieldProblem('events', 'events holds none that there is here.', 'empty-list');

async function urlsOf(webhooks: WebhooksService, tenant: string): Promise<Set<string>> {
  const urls = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const page = await webhooks.endpoints.list(tenant, { limit: PAGE, cursor });
    for (const { url } of page.data) urls.add(url);
    if (page.nextCursor === null) return urls;
    cursor = page.nextCursor;
  }
}
