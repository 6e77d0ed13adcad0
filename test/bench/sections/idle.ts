import type { Bench } from '../harness/bench.js';
import { atMost, figure, type SectionReport } from '../harness/report.js';
import { KINDS, Subject } from '../harness/subject.js';
import type { SubjectName } from '../options.js';

const SUBJECTS: readonly SubjectName[] = ['b', 'c', 'd'];
const SETTLE_MS = 3_000;
const SECONDS = 20;
const WARM_UP = { operation: 'emit', times: 200, callers: 10 };

interface Idle {
  readonly subject: SubjectName;
  readonly corePercent: number;
  readonly statementsPerSecond: number;
  readonly rssMib: number;
}

/** What an app uses that has sent webhooks, and has none to send now. All are idle at the same time. */
export async function idle(bench: Bench): Promise<SectionReport> {
  const names = SUBJECTS.filter((name) => bench.options.only.includes(name));
  const subjects = await Promise.all(names.map((name) => warmedUp(bench, name)));
  await pause(SETTLE_MS);
  const before = await Promise.all(subjects.map((subject) => subject.usage()));
  const start = performance.now();
  await pause(SECONDS * 1_000);
  const after = await Promise.all(subjects.map((subject) => subject.usage()));
  const seconds = (performance.now() - start) / 1_000;
  for (const subject of subjects) await subject.stop();
  const measured = names.map((subject, index): Idle => ({
    subject,
    corePercent: (after[index]!.cpuUs - before[index]!.cpuUs) / seconds / 10_000,
    statementsPerSecond: (after[index]!.statements - before[index]!.statements) / seconds,
    rssMib: after[index]!.rssMib,
  }));
  return report(measured);
}

async function warmedUp(bench: Bench, name: SubjectName): Promise<Subject> {
  const subject = await Subject.start(name, { database: 'postgres' });
  await subject.main.call('addEndpoints', { url: bench.sink.url, each: 1 });
  await subject.main.call('repeat', WARM_UP);
  await subject.recorded();
  return subject;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function report(measured: readonly Idle[]): SectionReport {
  const rows = measured.map(({ subject, corePercent, statementsPerSecond, rssMib }) => [
    `(${subject}) ${KINDS[subject].title}`,
    figure(corePercent),
    figure(statementsPerSecond),
    figure(rssMib),
  ]);
  const goals = measured
    .filter(({ subject }) => KINDS[subject].kind === 'ours')
    .flatMap(({ subject, corePercent, statementsPerSecond }) => [
      atMost(`% of a core that an idle (${subject}) uses`, corePercent, 0.5),
      atMost(`statements per second of an idle (${subject})`, statementsPerSecond, 2),
    ]);
  const columns = ['subject', '% of a core', 'SQL/s', 'RSS MiB'];
  return {
    tables: [{ title: `Idle for ${SECONDS} s on postgres`, columns, rows }],
    goals,
    figures: measured,
  };
}
