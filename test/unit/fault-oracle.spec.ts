import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../chaos/ledger.js';
import { groupBy, judge, pairKey, type OracleRules } from '../chaos/oracle.js';
import type { Recorded } from '../chaos/recording-receiver.js';
import type { StoredDelivery, StoredRows } from '../chaos/stored-rows.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const RULES: OracleRules = { allowsDuplicates: false, pruned: false, attempts: 2 };
const ENDPOINT = { id: 'ep_1', tenant: 'acme', paths: ['/0'], secrets: [SECRET], mayMiss: false };
const BODY = JSON.stringify({ id: 'evt_1', data: { ref: 'ref-1' } });

const succeeded = { deliveryId: 'dlv_1', number: 1, outcome: 'succeeded' } as const;
const failed = (number: number, outcome: 'retrying' | 'failed') => ({
  deliveryId: 'dlv_1',
  number,
  outcome,
});

function request(change: Partial<Recorded> = {}): Recorded {
  const body = change.body ?? BODY;
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  return {
    path: '/0',
    id: 'evt_1',
    attempt: 1,
    timestamp: '7',
    hex: createHmac('sha256', SECRET).update(body).digest('hex'),
    standard: `v1,${createHmac('sha256', key).update(`evt_1.7.${body}`).digest('base64')}`,
    body,
    hash: createHash('sha256').update(body).digest('hex'),
    at: 0,
    answered: 200,
    ...change,
  };
}

interface World {
  delivery?: Partial<StoredDelivery> | null;
  requests?: readonly Recorded[];
  outcome?: 'committed' | 'rolled back';
  endpoint?: Partial<typeof ENDPOINT>;
  isStored?: boolean;
  /** Attempts that the statistics have; else what is recorded. */
  counted?: Record<string, number>;
  rules?: Partial<OracleRules>;
}

/** One event, one endpoint, one delivery that succeeded; and what is different. */
function verdict(world: World = {}): string[] {
  const { outcome = 'committed', isStored = true, requests = [request()] } = world;
  const ledger = new Ledger();
  ledger.endpoints.push({ ...ENDPOINT, ...world.endpoint });
  ledger.emits.push({ ref: 'ref-1', type: 'post.published', tenant: 'acme' });
  ledger.report({ ref: 'ref-1', outcome, id: 'evt_1' });
  const delivery: StoredDelivery = {
    id: 'dlv_1',
    eventId: 'evt_1',
    endpointId: 'ep_1',
    status: 'succeeded',
    attemptCount: world.delivery?.attempts?.length ?? 1,
    errorCode: null,
    attempts: [succeeded],
    ...world.delivery,
  };
  const deliveries = world.delivery === null || !isStored ? [] : [delivery];
  const events = isStored ? [{ id: 'evt_1', tenant: 'acme' }] : [];
  const byOutcome = groupBy(
    deliveries.flatMap(({ attempts }) => attempts),
    (attempt) => attempt.outcome,
  );
  const counted = world.counted
    ? Object.entries(world.counted)
    : [...byOutcome].map(([name, attempts]) => [name, attempts.length] as const);
  const rows: StoredRows = {
    events,
    eventIds: new Set(events.map(({ id }) => id)),
    bodies: new Map(events.map(({ id }) => [id, BODY])),
    byRef: new Map(events.map(({ id }) => ['ref-1', [id]])),
    deliveries,
    byPair: groupBy(deliveries, ({ eventId, endpointId }) => pairKey(eventId, endpointId)),
    counted: new Map(counted),
  };
  return judge(ledger, rows, requests, { ...RULES, ...world.rules }).problems;
}

describe('The oracle of the fault suite', () => {
  it.each<[string, World]>([
    ['an event that arrived', {}],
    [
      'a delivery that failed after all of its attempts',
      {
        delivery: { status: 'failed', attempts: [failed(1, 'retrying'), failed(2, 'failed')] },
        requests: [request({ answered: 500 }), request({ answered: 500 })],
      },
    ],
    ['a rolled-back event that is nowhere', { outcome: 'rolled back', isStored: false, requests: [] }],
    [
      'a duplicate where they are allowed',
      { requests: [request(), request()], rules: { allowsDuplicates: true } },
    ],
    [
      'a canceled delivery to an endpoint that was taken away',
      { delivery: { status: 'canceled', attempts: [] }, requests: [], endpoint: { mayMiss: true } },
    ],
    ['an event that retention took away after it arrived', { isStored: false, rules: { pruned: true } }],
  ])('has nothing to say of %s', (_, world) => {
    expect(verdict(world)).toEqual([]);
  });

  it.each<[string, World, RegExp]>([
    ['a committed event that is not stored', { isStored: false, requests: [] }, /LOST.*is not stored/],
    ['an event without a delivery', { delivery: null, requests: [] }, /LOST.*no delivery/],
    ['a delivery that waits', { delivery: { status: 'pending' } }, /LOST: still pending/],
    ['a success that nobody saw', { requests: [] }, /LOST: succeeded, and nothing arrived/],
    ['a success that was answered 500', { requests: [request({ answered: 500 })] }, /LOST: succeeded/],
    [
      'a delivery that was canceled',
      { delivery: { status: 'canceled', attempts: [] }, requests: [] },
      /LOST.*was canceled/,
    ],
    [
      'a delivery that was given up early',
      {
        delivery: { status: 'failed', attempts: [failed(1, 'failed')] },
        requests: [request({ answered: 500 })],
      },
      /LOST: failed after 1 attempts of 2/,
    ],
    [
      'an attempt that is counted and not kept',
      { delivery: { attemptCount: 2 } },
      /2 attempts counted, 1 kept/,
    ],
    [
      'an attempt that is kept twice',
      {
        delivery: { attempts: [succeeded, succeeded] },
        requests: [request(), request()],
      },
      /two attempts have one number/,
    ],
    [
      'a success that is recorded twice',
      { delivery: { attempts: [succeeded, { ...succeeded, number: 2 }] } },
      /twice/,
    ],
    ['statistics that missed an attempt', { counted: {} }, /0 attempts counted as succeeded, 1 recorded/],
    ['a duplicate', { requests: [request(), request()] }, /1 duplicates/],
    [
      'a rolled-back event that was sent',
      { outcome: 'rolled back', isStored: false },
      /rolled back, and sent/,
    ],
    [
      'a rolled-back event that is stored',
      { outcome: 'rolled back', requests: [] },
      /rolled back, and stored/,
    ],
    [
      'other bytes than those that are stored',
      { requests: [request({ body: `${BODY} ` })] },
      /other bytes than stored/,
    ],
    [
      'other bytes the second time, though the event is gone',
      {
        isStored: false,
        requests: [request(), request({ body: `${BODY} ` })],
        rules: { pruned: true, allowsDuplicates: true },
      },
      /other bytes than before/,
    ],
    ['another id in the body', { requests: [request({ id: 'evt_2' })] }, /the body has another id/],
    ['a wrong signature', { requests: [request({ hex: '0' })] }, /the signature is wrong/],
    ['a wrong standard signature', { requests: [request({ standard: 'v1,x' })] }, /the signature is wrong/],
    ['a request to nobody’s URL', { requests: [request(), request({ path: '/other' })] }, /nobody's/],
  ])('sees %s', (_, world, problem) => {
    expect(verdict(world).join('\n')).toMatch(problem);
  });
});
