import { fieldProblem, type AnyCoded } from '../../../domain/field-problems.js';
import { filterProblems } from '../../../domain/filter-rules.js';
import type { WebhookFilter } from '../../../domain/endpoint-filter.js';
import type { WebhookDeliveryStatus } from '../../../domain/delivery.js';
import { JOB_KINDS, type JobKind } from '../../../domain/jobs.js';
import { quoted } from '../../../domain/shown-text.js';
import { InvalidWebhookInputError, type WebhookFieldProblem } from '../../../domain/webhooks.error.js';
import type { BulkFilter } from '../../../persistence/webhook-bulk.repository.js';

export const DEFAULT_PER_SECOND = 50;
export const MOST_PER_SECOND = 1_000;
const MAX_TEXT = 255;
const MAX_DATE_MS = 8_640_000_000_000_000;
/** A time without a zone would mean the server's local time, so it is refused. */
const ISO_DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * Selects the deliveries of a job. All conditions must hold. Times are those of the events, in ISO 8601 or epoch ms;
 * `to` is exclusive.
 */
export interface JobFilterInput {
  readonly tenant?: string;
  readonly endpointId?: string;
  readonly type?: string;
  readonly status?: WebhookDeliveryStatus | readonly WebhookDeliveryStatus[];
  /** Status code of the last attempt. */
  readonly statusCode?: number;
  readonly errorCode?: string;
  readonly from?: string | number;
  readonly to?: string | number;
}

/** The request for a job. */
export interface JobInput {
  readonly kind: JobKind;
  readonly filter?: JobFilterInput;
  /** Deliveries a second, 1 to 1,000. Default: 50. */
  readonly perSecond?: number;
  /** `move`: the id of the endpoint that receives the deliveries. */
  readonly to?: string;
  /** `erase`: selects events of the tenant by their fields. Default: all data of the tenant. */
  readonly where?: WebhookFilter;
}

/** A checked request with its defaults. Equal requests have equal JSON. */
export interface JobRequest {
  readonly filter: BulkFilter;
  readonly perSecond: number;
  readonly to?: string;
  readonly where?: WebhookFilter;
}

/** What is kept of it once the job is over: what an erasure finds events by may be a person's own. */
export const keptRequest = (request: JobRequest): object =>
  request.where === undefined ? request : { ...request, where: null };

interface KindRules {
  readonly filter: readonly (keyof JobFilterInput)[];
  readonly needs: readonly (keyof JobFilterInput)[];
  readonly statuses: readonly WebhookDeliveryStatus[];
  readonly byDefault: readonly WebhookDeliveryStatus[];
  readonly others: readonly (keyof JobInput)[];
}

const NONE = { statuses: [], byDefault: [] } as const;

const RULES: Readonly<Record<JobKind, KindRules>> = {
  resend: {
    filter: ['tenant', 'endpointId', 'type', 'status', 'statusCode', 'errorCode', 'from', 'to'],
    needs: [],
    statuses: ['failed', 'canceled', 'succeeded'],
    byDefault: ['failed', 'canceled'],
    others: ['perSecond'],
  },
  recover: {
    ...NONE,
    filter: ['tenant', 'endpointId', 'type', 'from', 'to'],
    needs: ['from'],
    others: ['perSecond'],
  },
  move: {
    filter: ['endpointId', 'type', 'status', 'from', 'to'],
    needs: ['endpointId'],
    statuses: ['pending', 'failed', 'canceled'],
    byDefault: ['pending', 'failed', 'canceled'],
    others: ['perSecond', 'to'],
  },
  erase: { ...NONE, filter: ['tenant'], needs: ['tenant'], others: ['where'] },
};

/** @throws InvalidWebhookInputError */
export function jobRequest(input: JobInput): JobRequest {
  if (typeof input !== 'object' || input === null)
    fail('kind', `is missing: a job is an object such as { "kind": "resend" }.`, 'required');
  const { kind, filter = {}, perSecond = DEFAULT_PER_SECOND, to, where } = input;
  if (!JOB_KINDS.includes(kind)) {
    const values = JOB_KINDS.join(', ');
    fail('kind', `must be one of ${values}, got ${told(kind)}.`, 'not-one-of', { values });
  }
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter))
    fail('filter', 'must be an object such as { "tenant": "acme" }.', 'not-object');
  const rules = RULES[kind];
  const problems: WebhookFieldProblem[] = [
    ...unknownOf(input, ['kind', 'filter', ...rules.others], '', kind),
    ...unknownOf(filter, rules.filter, 'filter.', kind),
    ...rules.needs
      .filter((name) => filter[name] === undefined)
      .map((name) =>
        problem(`filter.${name}`, `is missing: a job of the kind '${kind}' needs it.`, 'required'),
      ),
  ];
  if (kind === 'move' && typeof to !== 'string')
    problems.push(problem('to', 'is missing: the id of the endpoint that gets the events.', 'required'));
  if (!Number.isInteger(perSecond) || perSecond < 1 || perSecond > MOST_PER_SECOND)
    problems.push(
      problem(
        'perSecond',
        `must be a whole number from 1 to ${MOST_PER_SECOND}, got ${told(perSecond)}.`,
        'number-range',
        { least: 1, most: MOST_PER_SECOND },
      ),
    );
  if (where !== undefined)
    problems.push(
      ...filterProblems(where).map((one) => ({
        ...one,
        field: one.field.replace(/^filter/, 'where'),
        message: one.message.replace(/^filter/, 'where'),
      })),
    );
  const checked = filterOf(filter, rules, problems);
  if (problems.length > 0) throw new InvalidWebhookInputError(problems);
  return {
    filter: checked,
    perSecond,
    ...(to === undefined ? {} : { to }),
    ...(where === undefined ? {} : { where }),
  };
}

function filterOf(filter: JobFilterInput, rules: KindRules, problems: WebhookFieldProblem[]): BulkFilter {
  const text = (name: 'tenant' | 'endpointId' | 'type' | 'errorCode'): object => {
    const value = filter[name];
    if (value === undefined) return {};
    if (typeof value !== 'string' || value.length > MAX_TEXT || value.includes('\0'))
      problems.push(
        problem(
          `filter.${name}`,
          `must be a text of at most ${MAX_TEXT} characters, got ${told(value)}.`,
          'too-long',
          { most: MAX_TEXT },
        ),
      );
    return { [name]: value };
  };
  const time = (name: 'from' | 'to'): { from?: number; to?: number } => {
    const value = filter[name];
    if (value === undefined) return {};
    const ms = epochMs(value);
    if (ms === undefined)
      problems.push(
        problem(
          `filter.${name}`,
          `must be an ISO 8601 date (a time needs its zone) or epoch milliseconds, got ${told(value)}.`,
          'not-time',
        ),
      );
    return ms === undefined ? {} : { [name]: ms };
  };
  const { statusCode } = filter;
  if (statusCode !== undefined && !(Number.isInteger(statusCode) && statusCode >= 100 && statusCode <= 999))
    problems.push(
      problem(
        'filter.statusCode',
        `must be a status such as 503, got ${told(statusCode)}.`,
        'not-status-code',
      ),
    );
  const from = time('from');
  const to = time('to');
  if (from.from !== undefined && to.to !== undefined && from.from >= to.to)
    problems.push(
      problem(
        'filter.from',
        `must be before filter.to, got ${told(filter.from)} and ${told(filter.to)}.`,
        'not-before-end',
      ),
    );
  return {
    ...text('tenant'),
    ...text('endpointId'),
    ...text('type'),
    ...statusesOf(filter, rules, problems),
    ...(statusCode === undefined ? {} : { statusCode }),
    ...text('errorCode'),
    ...from,
    ...to,
  };
}

function statusesOf({ status }: JobFilterInput, rules: KindRules, problems: WebhookFieldProblem[]): object {
  if (rules.statuses.length === 0) return {};
  const given = status === undefined ? rules.byDefault : Array.isArray(status) ? status : [status];
  const wrong = given.find((one) => !rules.statuses.includes(one as WebhookDeliveryStatus));
  if (given.length === 0 || wrong !== undefined)
    problems.push(
      problem(
        'filter.status',
        `must be one or more of ${rules.statuses.join(', ')}, got ${told(wrong ?? status)}.`,
        'not-one-of',
        { values: rules.statuses.join(', ') },
      ),
    );
  return { statuses: rules.statuses.filter((one) => given.includes(one)) };
}

function epochMs(value: unknown): number | undefined {
  const ms = typeof value === 'string' && ISO_DATE.test(value) ? Date.parse(value) : value;
  return typeof ms === 'number' && Number.isInteger(ms) && ms >= 0 && ms <= MAX_DATE_MS ? ms : undefined;
}

const unknownOf = (
  input: object,
  known: readonly string[],
  prefix: string,
  kind: JobKind,
): WebhookFieldProblem[] =>
  Object.entries(input)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .map(([name]) =>
      problem(
        `${prefix}${name.slice(0, MAX_TEXT)}`,
        `goes with no job of the kind '${kind}'. It takes ${known.join(', ')}.`,
        'unknown-field',
        { name: name.slice(0, MAX_TEXT) },
      ),
    );

const told = (value: unknown): string =>
  typeof value === 'string' ? quoted(value) : typeof value === 'object' ? 'an object' : String(value);

const problem = (field: string, text: string, ...coded: AnyCoded): WebhookFieldProblem =>
  fieldProblem(field, `${field} ${text}`, ...coded);

function fail(field: string, text: string, ...coded: AnyCoded): never {
  throw new InvalidWebhookInputError([problem(field, text, ...coded)]);
}
