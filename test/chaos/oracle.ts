import { createHash, createHmac } from 'node:crypto';
import type { Emit, KnownEndpoint, Ledger } from './ledger.js';
import type { Recorded } from './recording-receiver.js';
import type { StoredDelivery, StoredRows } from './stored-rows.js';

export interface Judgement {
  /** What breaks the promise. */
  readonly problems: string[];
  readonly duplicates: number;
}

export interface OracleRules {
  readonly allowsDuplicates: boolean;
  /** Retention has run: rows of what was delivered may be gone. */
  readonly pruned: boolean;
  /** After how many a delivery may be given up. */
  readonly attempts: number;
}

/**
 * Compares what was emitted with what is stored and what arrived. Every event whose transaction committed reached
 * every endpoint of its tenant at least once, correctly signed and with the stored bytes, or its delivery is
 * `failed` with all attempts of its schedule recorded; one that was rolled back left no row and no request. The statistics have counted each
 * recorded attempt once.
 */
export function judge(
  ledger: Ledger,
  rows: StoredRows,
  requests: readonly Recorded[],
  rules: OracleRules,
): Judgement {
  const problems = [
    ...problemsOfKeys(ledger, rows),
    ...ledger.emits.flatMap((emit) => problemsOfEmit(emit, ledger, rows, requests)),
    ...problemsOfRequests(ledger, rows, requests),
  ];
  const byPair = groupBy(requests, (request) => pairKey(request.id, endpointOf(ledger, request)?.id));
  const mayMiss = new Set(ledger.endpoints.filter((endpoint) => endpoint.mayMiss).map(({ id }) => id));
  let duplicates = 0;
  for (const delivery of rows.deliveries) {
    const arrived = byPair.get(pairKey(delivery.eventId, delivery.endpointId)) ?? [];
    problems.push(...problemsOfDelivery(delivery, arrived, rules.attempts));
    if (delivery.status === 'canceled' && !mayMiss.has(delivery.endpointId))
      problems.push(`LOST: ${delivery.id} to ${delivery.endpointId} was canceled`);
    // A delivery that was canceled with its request in flight has no attempt of it.
    const known = delivery.status === 'canceled' ? arrived.length : delivery.attempts.length;
    duplicates += Math.max(0, arrived.length - known);
  }
  for (const { endpoint, event } of wantedPairs(ledger, rows)) {
    const key = pairKey(event.id, endpoint.id);
    const stored = rows.byPair.has(key) || (rules.pruned && byPair.has(key));
    if (!stored && !endpoint.mayMiss) problems.push(`LOST: ${event.id} has no delivery to ${endpoint.id}`);
  }
  const succeeded = rows.deliveries.flatMap(({ attempts }) => attempts).filter(isSuccess).length;
  const once = rows.deliveries.filter(({ attempts }) => attempts.some(isSuccess)).length;
  if (succeeded - once > ledger.resends) problems.push(`${succeeded - once} deliveries were recorded twice`);
  if (!rules.pruned) problems.push(...problemsOfCounts(rows));
  if (duplicates > 0 && !rules.allowsDuplicates) problems.push(`${duplicates} duplicates`);
  return { problems, duplicates };
}

function problemsOfEmit(
  emit: Emit,
  ledger: Ledger,
  rows: StoredRows,
  requests: readonly Recorded[],
): string[] {
  const stored = rows.byRef.get(emit.ref) ?? [];
  switch (ledger.outcomeOf(emit)) {
    case 'committed': {
      const { id } = ledger.reportOf(emit)!;
      // Retention takes an event away once it has been delivered.
      if (rows.eventIds.has(id!) || requests.some((request) => request.id === id)) return [];
      return [`LOST: ${emit.ref} was committed as ${id} and is not stored`];
    }
    case 'rolled back': {
      const sent = requests.some(({ body }) => body.includes(`"ref":"${emit.ref}"`));
      return stored.length > 0 || sent
        ? [`${emit.ref} was rolled back, and ${sent ? 'sent' : 'stored'}`]
        : [];
    }
    default:
      return stored.length > 1 ? [`${emit.ref} is stored ${stored.length} times`] : [];
  }
}

/** One key, one event, whoever emitted it. */
function problemsOfKeys(ledger: Ledger, rows: StoredRows): string[] {
  const keyed = groupBy(
    ledger.emits.filter(({ key }) => key !== undefined),
    ({ tenant, key }) => `${tenant} ${key}`,
  );
  return [...keyed].flatMap(([key, emits]) => {
    const stored = emits.flatMap(({ ref }) => rows.byRef.get(ref) ?? []);
    const told = emits.flatMap((emit) => ledger.reportOf(emit)?.id ?? []);
    return new Set([...stored, ...told]).size > 1 ? [`key ${key} has several events`] : [];
  });
}

function problemsOfDelivery(
  delivery: StoredDelivery,
  arrived: readonly Recorded[],
  scheduled: number,
): string[] {
  const { id, status, attempts, attemptCount } = delivery;
  const of = (problem: string): string => `${id} to ${delivery.endpointId}: ${problem}`;
  const problems: string[] = [];
  if (attempts.length !== attemptCount)
    problems.push(of(`${attemptCount} attempts counted, ${attempts.length} kept`));
  if (status === 'pending') problems.push(of('LOST: still pending'));
  if (status === 'succeeded' && !arrived.some(({ answered }) => answered !== null && answered < 300))
    problems.push(of('LOST: succeeded, and nothing arrived'));
  if (status === 'failed' && attempts.length < scheduled)
    problems.push(of(`LOST: failed after ${attempts.length} attempts of ${scheduled}`));
  const numbers = new Set(attempts.map(({ number }) => number));
  if (numbers.size !== attempts.length) problems.push(of('two attempts have one number'));
  return problems;
}

function problemsOfCounts({ deliveries, counted }: StoredRows): string[] {
  const recorded = groupBy(
    deliveries.flatMap(({ attempts }) => attempts),
    ({ outcome }) => outcome,
  );
  return [...new Set([...counted.keys(), ...recorded.keys()])].flatMap((outcome) => {
    const [count, attempts] = [counted.get(outcome) ?? 0, recorded.get(outcome)?.length ?? 0];
    return count === attempts ? [] : [`${count} attempts counted as ${outcome}, ${attempts} recorded`];
  });
}

function problemsOfRequests(ledger: Ledger, rows: StoredRows, requests: readonly Recorded[]): string[] {
  const hashes = new Map<string, string>();
  return requests.flatMap((request) => {
    const endpoint = endpointOf(ledger, request);
    if (!endpoint) return [`a request to ${request.path}, which is nobody's`];
    const body = rows.bodies.get(request.id);
    const problems: string[] = [];
    if (body !== undefined && sha256(body) !== request.hash)
      problems.push(`${request.id}: other bytes than stored`);
    // Retention may have taken the event.
    if ((hashes.get(request.id) ?? request.hash) !== request.hash)
      problems.push(`${request.id}: other bytes than before`);
    hashes.set(request.id, request.hash);
    if ((JSON.parse(request.body) as { id: string }).id !== request.id)
      problems.push(`${request.id}: the body has another id`);
    if (!isSigned(request, endpoint)) problems.push(`${request.id}: the signature is wrong`);
    return problems;
  });
}

/** Every event that is stored with each endpoint that wants it, by the ledger's own account. */
function wantedPairs(ledger: Ledger, rows: StoredRows): { event: { id: string }; endpoint: KnownEndpoint }[] {
  const byTenant = groupBy(ledger.endpoints, ({ tenant }) => tenant);
  const ids = new Map(rows.events.map(({ id, tenant }) => [id, tenant]));
  for (const emit of ledger.emits) {
    const { id } = ledger.reportOf(emit) ?? {};
    if (id && ledger.outcomeOf(emit) === 'committed') ids.set(id, emit.tenant);
  }
  return [...ids].flatMap(([id, tenant]) =>
    (byTenant.get(tenant) ?? []).map((endpoint) => ({ event: { id }, endpoint })),
  );
}

/** Checked with no code of the package. A rotated secret makes the one signature, both make the other. */
function isSigned({ body, hex, id, timestamp, standard }: Recorded, { secrets }: KnownEndpoint): boolean {
  const signatures = standard.split(' ');
  const hasHex = secrets.some((secret) => createHmac('sha256', secret).update(body).digest('hex') === hex);
  const hasStandard = secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return signatures.includes(`v1,${expected}`);
  });
  return hasHex && hasStandard;
}

const endpointOf = (ledger: Ledger, { path }: Recorded): KnownEndpoint | undefined =>
  ledger.endpoints.find(({ paths }) => paths.includes(path));

const isSuccess = ({ outcome }: { outcome: string }): boolean => outcome === 'succeeded';

const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

export const pairKey = (eventId: string, endpointId: string | undefined): string =>
  `${eventId} ${endpointId}`;

export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
