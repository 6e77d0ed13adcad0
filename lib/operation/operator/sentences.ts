/** The values in a sentence: ISO 8601 where a name ends in `At`, `Until` or `Since`. */
export type SentenceParams = Readonly<Record<string, string | number | boolean | null>>;

/** A sentence in English, and what a page needs to say the same in another language. */
export interface Sentence<Code extends string = string> {
  code: Code;
  params: SentenceParams;
  /** One sentence in English. */
  text: string;
}

/**
 * What `waitingFor` says, by its code. A part in square brackets is left out if one of its values is `null`; `isMore`
 * makes `count` a minimum.
 */
export const WAITING = {
  paused: 'It is due at {dueAt}, and waits since its tenant or its endpoint is paused: end the pause.',
  'paused-all': 'It is due at {dueAt}, and waits since everything is paused: end the pause.',
  resuming: 'It is due at {dueAt}, and is coming back from a pause that has ended.',
  sending:
    'Worker {worker} holds it: its request is under way, or begins when the endpoint has room for it. The lease ends at {leaseEndsAt}.',
  'lease-end':
    'No worker that is alive holds it[; {worker}, last heard of at {seenAt}, did]: another one takes it when the lease ends at {leaseEndsAt}.',
  'no-worker':
    'It is due since {dueAt}, and no worker is alive: start one.[ The last was {worker}, at {seenAt}.]',
  retry: 'Waits for its retry, attempt {attempt}, at {nextAttemptAt}.',
  planned:
    'Its first attempt is planned for {nextAttemptAt}, such as by a recovery that is spread over time.',
  'endpoint-deferred':
    'Its endpoint has asked for a pause with Retry-After: nothing is sent to it before {deferredUntil}.',
  'endpoint-limited':
    'The rate limit of its endpoint, {rateLimit} a second, is used up: the next request may leave at {nextSlotAt}.',
  'endpoint-off': 'Its endpoint is off[ ({disabledReason})]: it is canceled when its turn comes.',
  'endpoint-deleted': 'Its endpoint was deleted: it is canceled when its turn comes.',
  'endpoint-failing':
    'It is due since {dueAt}. Its endpoint has failed every attempt since {failingSince}: workers send it little, or probe it alone while nobody answers.',
  place: 'It is due since {dueAt}, one of {count} for its endpoint, and waits for a free place.',
  claim: 'It is due since {dueAt}: the next worker with a free place takes it.',
} as const;

/** What `attention` says, by its code. */
export const ATTENTION = {
  'no-worker': 'No worker is alive: nothing is sent.[ The last was {worker}, at {seenAt}.]',
  lag: '{count} due, the oldest since {oldestDueAt}.',
  unattended: 'Deliveries are due since {dueAt}, the endpoint has not failed, and no worker sends to it.',
  'paused-all': 'Everything is paused[: {reason}].',
  'paused-tenant': 'A tenant is paused[: {reason}].',
  'paused-endpoint': 'An endpoint is paused[: {reason}].',
  away: '{name} has failed every attempt since {failingSince}: {errorCode}.',
  failing: '{name} has failed every attempt since {failingSince}[: status {statusCode}][: {errorCode}].',
  disabled: '{name} was disabled: {disabledReason}.',
  deferred: '{name} has asked for a pause until {deferredUntil}.',
  limited: '{name} has more to get than its rate limit of {rateLimit} a second lets through.',
} as const;

const sentences =
  <Code extends string>(table: Readonly<Record<Code, string>>) =>
  (code: Code, params: SentenceParams = {}): Sentence<Code> => ({
    code,
    params,
    text: written(table[code], params),
  });

export const waiting = sentences(WAITING);
export const attention = sentences(ATTENTION);

const OPTIONAL = /\[([^\]]*)\]/g;
const PARAM = /\{(\w+)\}/g;

function written(pattern: string, params: SentenceParams): string {
  const isGiven = (part: string): boolean =>
    [...part.matchAll(PARAM)].every(([, name]) => (params[name!] ?? null) !== null);
  const value = (name: string): string =>
    `${params[name]}${name === 'count' && params.isMore === true ? ' or more' : ''}`;
  return pattern
    .replaceAll(OPTIONAL, (_, part: string) => (isGiven(part) ? part : ''))
    .replaceAll(PARAM, (_, name: string) => value(name));
}
