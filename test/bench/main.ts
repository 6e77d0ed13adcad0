import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { Bench } from './harness/bench.js';
import { say, sayGoals, sayTable, type SectionReport } from './harness/report.js';
import { benchOptions, type SectionName } from './options.js';
import { backlog } from './sections/backlog.js';
import { emit } from './sections/emit.js';
import { idle } from './sections/idle.js';
import { latency } from './sections/latency.js';
import { logSize } from './sections/log-size.js';
import { throughput } from './sections/throughput.js';

const SECTIONS: Record<SectionName, (bench: Bench) => Promise<SectionReport>> = {
  throughput,
  latency,
  emit,
  'log-size': logSize,
  backlog,
  idle,
};

// The subjects go with us, and the folders of SQLite on `exit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const options = benchOptions(process.argv.slice(2));
const bench = await Bench.start(options);
const reports: Partial<Record<SectionName, SectionReport>> = {};
for (const name of options.sections) {
  say(`\n${name}`);
  const report = await SECTIONS[name](bench);
  reports[name] = report;
  for (const table of report.tables) sayTable(table);
  sayGoals(report.goals);
}
await bench.stop();

const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processors: availableParallelism(),
  model: cpus()[0]?.model,
};
const sections = Object.entries(reports).map(([name, { goals, figures }]) => [name, { goals, figures }]);
writeFileSync(
  options.output,
  `${JSON.stringify({ machine, options, sections: Object.fromEntries(sections) }, null, 2)}\n`,
);
say(`\nWritten to ${options.output}.`);
