import { usedEach, type Bench, type Counters } from '../harness/bench.js';
import { copyAsWaiting, newestEvent, originals, type Originals } from '../harness/copied-rows.js';
import {
  atLeast,
  atMost,
  figure,
  say,
  shownSpread,
  type Goal,
  type SectionReport,
} from '../harness/report.js';
import { median } from '../harness/statistics.js';
import { Subject } from '../harness/subject.js';
import { BARE_CONCURRENCY } from '../subjects/bare.app.js';

const WORKERS = [1, 2, 4] as const;
const WAITING = 100_000;
/** What is drained to tell the rate: less of it, and several times. */
const RATED = 30_000;
const MOST_ROUNDS = 3;
const ORIGINALS = { operation: 'emit', times: 200, callers: 20 };
/** As much as it takes a process to have the heap that it keeps: that is not what a backlog costs. */
const WARM_UP = { operation: 'emit', callers: 50 };
const WARM_UP_EVENTS = 6_000;
const FAN_OUT = 5;
const READ_EVERY_MS = 500;
const PATIENCE_MS = 120_000;

interface Drain {
  readonly perSecond: number;
  readonly each: Counters;
}

interface Growth {
  readonly waiting: number;
  readonly rssMib: number;
  readonly heapMib: number;
  readonly redisMib: number;
}

interface Team {
  readonly subject: Subject;
  /** As many processes that only send: what it costs them that others want the same cores. */
  readonly bare: Subject;
  readonly bareUs: number[];
  readonly since: Originals;
  readonly drains: Drain[];
  offsetMs: number;
}

/** Deliveries that have piled up: what they cost a worker's memory and Redis, and how quickly workers are through. */
export async function backlog(bench: Bench): Promise<SectionReport> {
  const share = Math.min(1, bench.options.seconds / 3);
  const teams: Team[] = [];
  for (const processes of WORKERS) teams.push(await startTeam(bench, processes, share));
  // Of a worker that has drained no backlog yet: another one would hide what that costs.
  const growth = await memoryGrowth(bench, teams[0]!, WAITING * share);
  for (const team of teams) await drain(bench, team, RATED * share);
  for (let round = 0; round < Math.min(MOST_ROUNDS, bench.options.rounds); round++) {
    for (const team of teams) {
      const drained = await drain(bench, team, RATED * share);
      team.drains.push(drained);
      team.bareUs.push(await bareUs(bench, team.bare, RATED * share));
      say(`  round ${round + 1}, workers: ${team.subject.processes.length}: ${figure(drained.perSecond)}/s`);
    }
  }
  for (const { subject, bare } of teams) await Promise.all([subject.stop(), bare.stop()]);
  return report(
    growth,
    teams.map(({ drains, bareUs }, index) => ({ workers: WORKERS[index]!, drains, bareUs })),
  );
}

async function startTeam(bench: Bench, processes: number, share: number): Promise<Team> {
  const { profile } = bench.options;
  const subject = await Subject.start('c', {
    database: 'postgres',
    processes,
    profile: processes === 1 ? profile : undefined,
  });
  await subject.main.call('addEndpoints', { url: bench.sink.url, each: FAN_OUT });
  await subject.main.call('repeat', { ...WARM_UP, times: Math.ceil(WARM_UP_EVENTS * share) });
  await subject.recorded();
  const warmedUp = await newestEvent(subject.database!);
  await subject.main.call('repeat', ORIGINALS);
  await subject.recorded();
  const bare = await Subject.start('a', { database: 'postgres', processes });
  for (const remote of bare.processes) {
    await remote.call('addEndpoints', { url: bench.sink.url, each: 1 });
    await remote.call('repeat', { operation: 'emit', times: RATED / 10, callers: BARE_CONCURRENCY });
  }
  return {
    subject,
    bare,
    bareUs: [],
    since: await originals(subject.database!, warmedUp),
    drains: [],
    offsetMs: 60_000,
  };
}

async function bareUs(bench: Bench, bare: Subject, count: number): Promise<number> {
  const { processes } = bare;
  const before = await bench.counters(bare);
  const load = {
    operation: 'emit',
    times: Math.ceil(count / processes.length),
    callers: BARE_CONCURRENCY,
  };
  await Promise.all(processes.map((remote) => remote.call('repeat', load)));
  return usedEach(before, await bench.counters(bare), load.times * processes.length).nodeUs;
}

/** Everything becomes due at once, in one commit. Gives how much it is. */
async function pileUp(team: Team, count: number): Promise<number> {
  const { subject, since, offsetMs } = team;
  const waiting = await copyAsWaiting(subject.database!, count, { since, offsetMs });
  team.offsetMs += waiting * 2;
  return waiting;
}

async function drain(bench: Bench, team: Team, count: number): Promise<Drain> {
  await bench.sink.remote.call('reset', { times: false });
  const before = await bench.counters(team.subject);
  const waiting = await pileUp(team, count);
  const start = performance.now();
  // What it took the database to pile them up is not counted.
  const piled = { ...before, databaseUs: team.subject.database!.cpuUs() };
  // Whether all is recorded is asked at the end alone: each look costs the database as much as some deliveries.
  await bench.sink.arrived(waiting, PATIENCE_MS);
  await team.subject.recorded();
  const seconds = (performance.now() - start) / 1_000;
  const after = await bench.counters(team.subject);
  return { perSecond: waiting / seconds, each: usedEach(piled, after, waiting) };
}

/** Read after a collection, so that it is what is held and not what has not been looked at yet. */
async function memoryGrowth(bench: Bench, team: Team, count: number): Promise<Growth> {
  const read = async (): Promise<Omit<Growth, 'waiting'>> => {
    const { rssMib, heapMib } = await team.subject.usage({ collect: true });
    return { rssMib, heapMib, redisMib: await bench.redis.usedMib() };
  };
  await bench.sink.remote.call('reset', { times: false });
  const before = await read();
  const most = { ...before };
  const waiting = await pileUp(team, count);
  const drained = bench.sink
    .arrived(waiting, PATIENCE_MS)
    .then(() => team.subject.recorded().then(() => true));
  const pause = (): Promise<false> => new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS, false));
  do {
    const now = await read();
    for (const name of ['rssMib', 'heapMib', 'redisMib'] as const)
      most[name] = Math.max(most[name], now[name]);
  } while (!(await Promise.race([drained, pause()])));
  return {
    waiting,
    rssMib: most.rssMib - before.rssMib,
    heapMib: most.heapMib - before.heapMib,
    redisMib: most.redisMib - before.redisMib,
  };
}

interface Drained {
  readonly workers: number;
  readonly drains: readonly Drain[];
  readonly bareUs: readonly number[];
}

function report(growth: Growth, measured: readonly Drained[]): SectionReport {
  const rates = ({ drains }: Drained): number[] => drains.map(({ perSecond }) => perSecond);
  const mid = ({ drains }: Drained, of: keyof Counters): string =>
    figure(median(drains.map(({ each }) => each[of] ?? Number.NaN)));
  const [one, two] = measured;
  const toOne = (many: Drained): number =>
    median(rates(many).map((rate, round) => rate / rates(one!)[round]!));
  const { waiting, rssMib, heapMib, redisMib } = growth;
  const goals: Goal[] = [
    atMost('growth of a worker’s RSS, MiB', rssMib, 30),
    atMost('growth of Redis, MiB', redisMib, 10),
    atLeast('two workers to one', toOne(two!), 1.2),
  ];
  return {
    tables: [
      {
        title: `Growth while ${waiting.toLocaleString('en')} waiting deliveries drain, MiB`,
        columns: ['worker RSS', 'worker heap', 'Redis'],
        rows: [[figure(rssMib), figure(heapMib), figure(redisMib)]],
      },
      {
        title: 'Draining a backlog on postgres, fan-out 5, over Bull',
        columns: [
          'workers',
          'deliveries/s',
          'to one',
          'Node µs',
          'bare HTTP, Node µs',
          'Redis µs',
          'database µs',
          'SQL',
        ],
        rows: measured.map((many) => [
          String(many.workers),
          shownSpread(rates(many)),
          `${figure(toOne(many))}×`,
          mid(many, 'nodeUs'),
          figure(median([...many.bareUs])),
          ...(['redisUs', 'databaseUs', 'statements'] as const).map((name) => mid(many, name)),
        ]),
      },
    ],
    goals,
    figures: { growth, measured },
  };
}
