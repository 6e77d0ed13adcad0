import type { Bench } from '../harness/bench.js';
import { atLeast, say, figure, shownSpread, type SectionReport } from '../harness/report.js';
import { median } from '../harness/statistics.js';
import { Subject } from '../harness/subject.js';
import type { SubjectName } from '../options.js';

const CALLERS = 50;
const FIRST_CALLS = 200;

/** What one call stores, with nobody to deliver it. Tenants have one endpoint each. */
const CALLS: readonly { title: string; subject: SubjectName; operation: string }[] = [
  { title: 'emit: event and delivery', subject: 'd', operation: 'emit' },
  { title: 'TypeORM save: event', subject: 'b', operation: 'save event' },
  { title: 'TypeORM save: event and delivery', subject: 'b', operation: 'save event with delivery' },
];

interface Measured {
  readonly title: string;
  readonly perSecond: number[];
}

/**
 * `emit()` against the one `save` that a plain implementation stores an event with: with its delivery, which is what
 * emit stores, and without it, which is less.
 */
export async function emit(bench: Bench): Promise<SectionReport> {
  const { rounds, seconds, profile } = bench.options;
  const subjects = new Map<SubjectName, Subject>();
  for (const name of ['b', 'd'] as const) {
    const subject = await Subject.start(name, { database: 'postgres', worker: false, profile });
    await subject.main.call('addEndpoints', { url: bench.sink.url, each: 1 });
    subjects.set(name, subject);
  }
  const times = new Map(CALLS.map(({ title }) => [title, FIRST_CALLS]));
  const measured: Measured[] = CALLS.map(({ title }) => ({ title, perSecond: [] }));
  for (let round = -2; round < rounds; round++) {
    for (const [index, { title, subject, operation }] of CALLS.entries()) {
      const load = { operation, times: times.get(title)!, callers: CALLERS };
      const ms = await subjects.get(subject)!.main.call('repeat', load);
      const perSecond = (load.times * 1_000) / ms;
      times.set(title, Math.ceil((perSecond * seconds) / (round === -2 ? 3 : 1)));
      if (round < 0) continue;
      measured[index]!.perSecond.push(perSecond);
      say(`  round ${round + 1}: ${title}: ${figure(perSecond)}/s`);
    }
  }
  for (const subject of subjects.values()) await subject.stop();
  return report(measured);
}

function report(measured: readonly Measured[]): SectionReport {
  const [ours] = measured;
  const ratio = ({ perSecond }: Measured): number =>
    median(ours!.perSecond.map((value, round) => value / perSecond[round]!));
  const rows = measured.map((one) => [one.title, shownSpread(one.perSecond), `${figure(ratio(one))}×`]);
  const goals = measured.slice(1).map((one) => atLeast(`emit to ${one.title}`, ratio(one), 10));
  const title = `Emit alone on postgres, ${CALLERS} callers`;
  return {
    tables: [{ title, columns: ['call', 'per second', 'emit to it'], rows }],
    goals,
    figures: measured,
  };
}
