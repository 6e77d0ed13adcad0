import { usedEach, type Bench, type Counters } from '../harness/bench.js';
import { say, figure, type SectionReport } from '../harness/report.js';
import { KINDS, Subject } from '../harness/subject.js';
import type { DatabaseName, SubjectName } from '../options.js';
import { BARE_CONCURRENCY } from '../subjects/bare.app.js';
import { throughputReport } from './throughput-report.js';

const CALLERS = 200;
const WARM_UPS = 2;
/** Events of the first warm-up; every further run is as long as the rate of the one before makes it. */
const FIRST_EVENTS = { bare: 5_000, plain: 100, ours: 1_000 } as const;
const PATIENCE_MS = 120_000;

/** Each in its turn; SQLite and MariaDB have only what is to be compared on them. */
const COMPARED: Readonly<Record<DatabaseName, readonly SubjectName[]>> = {
  postgres: ['a', 'b', 'f', 'c', 'd', 'e'],
  mysql: ['b', 'c', 'd'],
  sqlite: ['b', 'd'],
};
const FEWER_ROUNDS = 3;

export interface Run {
  readonly perSecond: number;
  readonly each: Counters;
  readonly rssMib: number;
  readonly sinkShare: number;
}

/** What the rounds of one subject gave. */
export interface Measured {
  readonly database: DatabaseName;
  readonly fanOut: number;
  readonly subject: SubjectName;
  readonly runs: Run[];
}

/** From emit until every delivery has arrived and is recorded as succeeded. */
export async function throughput(bench: Bench): Promise<SectionReport> {
  const measured: Measured[] = [];
  for (const database of bench.options.databases) measured.push(...(await onDatabase(bench, database)));
  return throughputReport(measured);
}

async function onDatabase(bench: Bench, database: DatabaseName): Promise<Measured[]> {
  const { only, profile, rounds, fanOuts } = bench.options;
  const names = COMPARED[database].filter((name) => only.includes(name));
  const subjects = await Promise.all(names.map((name) => Subject.start(name, { database, profile })));
  const measured: Measured[] = [];
  let endpoints = 0;
  for (const fanOut of database === 'postgres' ? fanOuts : fanOuts.slice(-1)) {
    for (const { main } of subjects) {
      await main.call('addEndpoints', { url: bench.sink.url, each: fanOut - endpoints });
    }
    endpoints = fanOut;
    measured.push(
      ...(await interleaved(
        bench,
        subjects,
        fanOut,
        database === 'postgres' ? rounds : Math.min(rounds, FEWER_ROUNDS),
      )),
    );
  }
  await Promise.all(subjects.map((subject) => subject.stop()));
  return measured;
}

async function interleaved(
  bench: Bench,
  subjects: readonly Subject[],
  fanOut: number,
  rounds: number,
): Promise<Measured[]> {
  const measured = new Map(subjects.map((subject) => [subject, [] as Run[]]));
  const events = new Map(subjects.map((subject) => [subject, firstEvents(bench, subject, fanOut)]));
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const [subject, runs] of measured) {
      const run = await runOnce(bench, subject, events.get(subject)!, fanOut);
      const seconds = round === -WARM_UPS ? bench.options.seconds / 3 : bench.options.seconds;
      events.set(subject, Math.ceil((run.perSecond * seconds) / fanOut));
      if (round < 0) continue;
      runs.push(run);
      const { title } = KINDS[subject.name];
      say(`  round ${round + 1}, fan-out ${fanOut}: (${subject.name}) ${title}: ${figure(run.perSecond)}/s`);
    }
  }
  return [...measured].map(([{ name, database }, runs]) => ({
    database: database?.name ?? 'postgres',
    fanOut,
    subject: name,
    runs,
  }));
}

function firstEvents({ options }: Bench, { name }: Subject, fanOut: number): number {
  return Math.ceil((FIRST_EVENTS[KINDS[name].kind] * Math.min(1, options.seconds / 3)) / fanOut);
}

async function runOnce(bench: Bench, subject: Subject, events: number, fanOut: number): Promise<Run> {
  const isBare = KINDS[subject.name].kind === 'bare';
  // Bare HTTP has no events: what is one delivery to the others is one request to it.
  const [times, deliveries] = isBare ? [events * fanOut, events * fanOut] : [events, events * fanOut];
  const callers = isBare ? BARE_CONCURRENCY : CALLERS;
  const succeeded = await subject.succeeded();
  await bench.sink.remote.call('reset', { times: false });
  const before = await bench.counters(subject);
  const start = performance.now();
  await subject.main.call('repeat', { operation: 'emit', times, callers });
  await bench.sink.arrived(deliveries, PATIENCE_MS);
  await subject.recorded();
  const seconds = (performance.now() - start) / 1_000;
  const each = usedEach(before, await bench.counters(subject), deliveries);
  const { rssMib } = await subject.usage();
  if (!isBare) await check(subject, succeeded + deliveries);
  return {
    perSecond: deliveries / seconds,
    each,
    rssMib,
    sinkShare: (each.sinkUs * deliveries) / seconds / 1e6,
  };
}

/** A figure counts only if everything that was emitted is there. */
async function check(subject: Subject, expected: number): Promise<void> {
  const succeeded = await subject.succeeded();
  if (succeeded === expected) return;
  throw new Error(`(${subject.name}): ${succeeded} deliveries have succeeded, not ${expected}.`);
}
