import { availableParallelism } from 'node:os';
import { buildPackage, buildSampleApp } from './build.mjs';
import { npm } from './processes.mjs';
import { step } from './report.mjs';
import { root } from './root.mjs';

const script = (name) => () => npm(['run', '--silent', name], { cwd: root }).then(() => undefined);

/** The sample app imports the built package by its name. */
const builds = [
  [
    ['build', buildPackage],
    ['build:sample', buildSampleApp],
  ],
];

const checks = [[['typecheck', script('typecheck')]], [['lint', script('lint')]]];

/** Runs every build and every check except formatting, as many at a time as there are processors. */
export const runChecks = () => runChains([...builds, ...checks]);

/** Runs the checks that no test waits for. They take over a minute of CPU. */
export const runChecksBeside = () =>
  runChains([
    [
      ['format:check', script('format:check')],
      ['docs:build', script('docs:build')],
    ],
  ]);

/** Runs only the builds, for tests that import their output. */
export const runBuilds = () => runChains(builds);

/** @returns {Promise<{ passed: number, failed: number, failures: { text: string }[] }>} the steps of a chain run in order, also after one that failed */
async function runChains(chains) {
  const waiting = [...chains];
  const counts = { passed: 0, failed: 0, failures: [] };
  const worker = async () => {
    for (let chain = waiting.shift(); chain; chain = waiting.shift()) {
      for (const [name, work] of chain) {
        const outcome = await step(name, work).then(
          () => 'passed',
          () => 'failed',
        );
        if (outcome === 'failed') counts.failures.push({ text: `${name} failed: see above` });
        counts[outcome] += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return counts;
}
