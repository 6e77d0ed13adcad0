import {
  atLeast,
  atMost,
  figure,
  shownSpread,
  type Goal,
  type SectionReport,
  type Table,
} from '../harness/report.js';
import { median } from '../harness/statistics.js';
import { KINDS } from '../harness/subject.js';
import type { DatabaseName, SubjectName } from '../options.js';
import type { Measured, Run } from './throughput.js';

const COLUMNS = [
  'subject',
  'deliveries/s',
  'of (a)',
  'of (b)',
  'Node µs',
  'Redis µs',
  'database µs',
  'SQL',
  'Redis cmds',
  'RSS MiB',
  'sink busy',
];

/** Tables per database and fan-out, and the goals. CPU time, statements and commands are of one delivery. */
export function throughputReport(measured: readonly Measured[]): SectionReport {
  const titleOf = ({ database, fanOut }: Measured): string => `Throughput on ${database}, fan-out ${fanOut}`;
  const titles = [...new Set(measured.map(titleOf))];
  return {
    tables: titles.map((title) =>
      table(
        title,
        measured.filter((one) => titleOf(one) === title),
      ),
    ),
    goals: goals(measured),
    figures: measured,
  };
}

function table(title: string, group: readonly Measured[]): Table {
  const rows = group.map((one) => {
    const { subject, runs } = one;
    const mid = (of: (run: Run) => number | undefined): string =>
      figure(median(runs.map((run) => of(run) ?? Number.NaN)));
    return [
      `(${subject}) ${KINDS[subject].title}`,
      shownSpread(runs.map(({ perSecond }) => perSecond)),
      share(ratio(group, subject, 'a')),
      times(ratio(group, subject, 'b')),
      mid(({ each }) => each.nodeUs),
      mid(({ each }) => each.redisUs),
      mid(({ each }) => each.databaseUs),
      mid(({ each }) => each.statements),
      mid(({ each }) => each.redisCommands),
      mid(({ rssMib }) => rssMib),
      share(median(runs.map(({ sinkShare }) => sinkShare))),
    ];
  });
  return { title, columns: COLUMNS, rows };
}

const share = (value: number): string => (Number.isNaN(value) ? '–' : `${(value * 100).toFixed(0)} %`);
const times = (value: number): string => (Number.isNaN(value) ? '–' : `${figure(value)}×`);

/** The median of what each round gave: what slows the machine down slows both. */
function ratio(group: readonly Measured[], subject: SubjectName, to: SubjectName): number {
  const runs = group.find((one) => one.subject === subject)?.runs;
  const others = group.find((one) => one.subject === to)?.runs;
  if (!runs || !others) return Number.NaN;
  return median(runs.map(({ perSecond }, round) => perSecond / others[round]!.perSecond));
}

function goals(measured: readonly Measured[]): Goal[] {
  const of = (database: DatabaseName, fanOut: number): Measured[] =>
    measured.filter((one) => one.database === database && one.fanOut === fanOut);
  const statements = (subject: SubjectName): number => {
    const runs = of('postgres', 5).find((one) => one.subject === subject)?.runs;
    return runs ? median(runs.map(({ each }) => each.statements)) : Number.NaN;
  };
  const [five, one] = [of('postgres', 5), of('postgres', 1)];
  return [
    atLeast('(c) to (a), fan-out 5', ratio(five, 'c', 'a'), 0.3),
    atLeast('(c) to (b), fan-out 5', ratio(five, 'c', 'b'), 25),
    atLeast('(c) to (b), fan-out 1', ratio(one, 'c', 'b'), 20),
    atLeast('(d) to (b), fan-out 5, PostgreSQL', ratio(five, 'd', 'b'), 25),
    atLeast('(d) to (b), fan-out 5, SQLite', ratio(of('sqlite', 5), 'd', 'b'), 15),
    atMost('SQL statements per delivery of (c), fan-out 5', statements('c'), 0.1),
  ].filter(({ value }) => !Number.isNaN(value));
}
