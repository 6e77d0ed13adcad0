import { BenchDatabase } from '../harness/bench-database.js';
import type { Bench } from '../harness/bench.js';
import { copyAsWaiting, copyFinished, originals } from '../harness/copied-rows.js';
import { atMost, figure, say, shownSpread, type SectionReport } from '../harness/report.js';
import { median } from '../harness/statistics.js';
import { Subject } from '../harness/subject.js';

const LOGGED = 1_000_000;
const DUE = 5_000;
/** What both logs have of the last day, really delivered: 200 events to five endpoints each. */
const LAST_DAY = { operation: 'emit', times: 200, callers: 20 };
const FAN_OUT = 5;
const DUE_SINCE_MS = 120_000;

const OPERATIONS = [
  { operation: 'claim', times: 15, callers: 1 },
  { operation: 'list of an endpoint', times: 60, callers: 1 },
  { operation: 'list of a tenant', times: 100, callers: 1 },
  { operation: 'stats of 24 h', times: 100, callers: 1 },
  { operation: 'emit', times: 600, callers: 50 },
] as const;
/** Of each operation and round: short ones in turn, so that whatever else the machine does slows both logs alike. */
const TURNS = 10;

type Log = 'small' | 'large';

/** A claim, pages, statistics and emit with a million finished deliveries in the log, against a log of one day. */
export async function logSize(bench: Bench): Promise<SectionReport> {
  const small = await startWithLog(bench, 0);
  const large = await startWithLog(bench, LOGGED);
  const measured = OPERATIONS.map(({ operation }) => ({
    operation,
    ms: { small: [] as number[], large: [] as number[] },
  }));
  for (let round = -1; round < bench.options.rounds; round++) {
    for (const [index, load] of OPERATIONS.entries()) {
      const sums = { small: 0, large: 0 };
      for (let turn = 0; turn < TURNS; turn++) {
        for (const log of ['small', 'large'] as const) {
          const { subject } = log === 'small' ? small : large;
          sums[log] += (await subject.main.call('repeat', load)) / load.times / TURNS;
        }
      }
      if (round < 0) continue;
      for (const log of ['small', 'large'] as const) measured[index]!.ms[log].push(sums[log]);
    }
  }
  for (const { subject, database } of [small, large]) {
    await subject.stop();
    await database.drop();
  }
  return report(measured);
}

async function startWithLog(
  bench: Bench,
  logged: number,
): Promise<{ subject: Subject; database: BenchDatabase }> {
  const start = performance.now();
  const database = await BenchDatabase.create('postgres');
  const worker = await Subject.start('d', { database: 'postgres', on: database });
  await worker.main.call('addEndpoints', { url: bench.sink.url, each: FAN_OUT });
  await worker.main.call('repeat', LAST_DAY);
  await worker.recorded();
  await worker.stop();
  const since = await originals(database);
  if (logged > 0) await copyFinished(database, Math.ceil(logged / since.count));
  await copyAsWaiting(database, DUE, { since, offsetMs: DUE_SINCE_MS });
  await database.query('VACUUM ANALYZE');
  await database.query('CHECKPOINT');
  const { profile } = bench.options;
  const subject = await Subject.start('d', { database: 'postgres', on: database, worker: false, profile });
  say(
    `  a log of ${await database.count('webhook_deliveries')} deliveries, made in ${figure((performance.now() - start) / 1_000)} s`,
  );
  return { subject, database };
}

function report(measured: readonly { operation: string; ms: Record<Log, number[]> }[]): SectionReport {
  const slowDown = ({ small, large }: Record<Log, number[]>): number =>
    median(large.map((ms, round) => (ms / small[round]! - 1) * 100));
  return {
    tables: [
      {
        title: `${LOGGED.toLocaleString('en')} finished deliveries in the log on postgres, ms per call`,
        columns: ['call', 'log of a day', 'large log', 'slower by'],
        rows: measured.map(({ operation, ms }) => [
          operation,
          shownSpread(ms.small),
          shownSpread(ms.large),
          `${figure(slowDown(ms))} %`,
        ]),
      },
    ],
    goals: measured.map(({ operation, ms }) => atMost(`${operation}: slower by %`, slowDown(ms), 10)),
    figures: measured,
  };
}
