import type { Bench } from '../harness/bench.js';
import { atMost, say, shownSpread, figure, type Goal, type SectionReport } from '../harness/report.js';
import { median, percentile } from '../harness/statistics.js';
import { KINDS, Subject } from '../harness/subject.js';
import type { SubjectName } from '../options.js';

const PERCENTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
type Latencies = Record<keyof typeof PERCENTILES, number>;

/** Plain is near its limit at 200 events a second. */
const RATES: readonly { perSecond: number; subjects: readonly SubjectName[] }[] = [
  { perSecond: 200, subjects: ['b', 'c', 'd', 'g'] },
  { perSecond: 1_000, subjects: ['c', 'd', 'g'] },
];
/** p95 in ms. */
const GOALS: Partial<Record<SubjectName, Readonly<Record<number, number>>>> = {
  c: { 200: 10, 1_000: 25 },
  g: { 200: 10, 1_000: 25 },
  d: { 200: 8, 1_000: 20 },
};
const WARM_UP = { operation: 'emit', callers: 50 };
const WARM_UP_EVENTS = { bare: 0, plain: 300, ours: 5_000 } as const;
const PATIENCE_MS = 60_000;

interface Measured {
  readonly perSecond: number;
  readonly subject: SubjectName;
  readonly rounds: Latencies[];
}

/** From the moment an event is due to be emitted until it arrives, at a fixed rate that nothing slows down. */
export async function latency(bench: Bench): Promise<SectionReport> {
  const { only, profile } = bench.options;
  const names = RATES[0]!.subjects.filter((name) => only.includes(name));
  const started = await Promise.all(
    names.map((name) => Subject.start(name, { database: 'postgres', profile })),
  );
  for (const subject of started) await warmUp(bench, subject);
  const subjects = new Map(started.map((subject) => [subject.name, subject]));
  const measured: Measured[] = RATES.flatMap(({ perSecond, subjects: names }) =>
    names
      .filter((name) => subjects.has(name))
      .map((subject) => ({ perSecond, subject, rounds: [] as Latencies[] })),
  );
  for (let round = 0; round < bench.options.rounds; round++) {
    for (const { perSecond, subject, rounds } of measured) {
      const load = { perSecond, seconds: bench.options.seconds };
      const latencies = await latenciesOf(bench, subjects.get(subject)!, load);
      rounds.push(latencies);
      say(`  round ${round + 1}, ${perSecond}/s: (${subject}) p95 ${figure(latencies.p95)} ms`);
    }
  }
  for (const subject of subjects.values()) await subject.stop();
  return report(measured);
}

async function warmUp(bench: Bench, subject: Subject): Promise<void> {
  await subject.main.call('addEndpoints', { url: bench.sink.url, each: 1 });
  const share = Math.min(1, bench.options.seconds / 3);
  const times = Math.ceil(WARM_UP_EVENTS[KINDS[subject.name].kind] * share);
  await subject.main.call('repeat', { ...WARM_UP, times });
  await subject.recorded();
}

async function latenciesOf(
  bench: Bench,
  subject: Subject,
  load: { perSecond: number; seconds: number },
): Promise<Latencies> {
  await bench.sink.remote.call('reset', { times: true });
  const emitted = await subject.main.call('emitPaced', load);
  await bench.sink.arrived(emitted.length, PATIENCE_MS);
  await subject.recorded();
  const arrivedAt = new Map<string, number>();
  for (const [id, at] of await bench.sink.remote.call('times')) {
    // An event may come twice; it has arrived with the first.
    if (!arrivedAt.has(id)) arrivedAt.set(id, at);
  }
  const values = emitted.map(([id, dueAt]) => arrivedAt.get(id)! - dueAt);
  const { p50, p95, p99 } = PERCENTILES;
  return { p50: percentile(values, p50), p95: percentile(values, p95), p99: percentile(values, p99) };
}

function report(measured: readonly Measured[]): SectionReport {
  const names = Object.keys(PERCENTILES) as (keyof Latencies)[];
  const rows = measured.map(({ perSecond, subject, rounds }) => [
    `${perSecond}/s (${subject}) ${KINDS[subject].title}`,
    ...names.map((name) => shownSpread(rounds.map((round) => round[name]))),
  ]);
  const goals = measured.flatMap(({ perSecond, subject, rounds }): Goal[] => {
    const most = GOALS[subject]?.[perSecond];
    if (most === undefined) return [];
    return [atMost(`p95 of (${subject}) at ${perSecond}/s, ms`, median(rounds.map(({ p95 }) => p95)), most)];
  });
  const title = 'Latency on postgres, emit to arrival, fan-out 1, ms';
  return { tables: [{ title, columns: ['subject', ...names], rows }], goals, figures: measured };
}
