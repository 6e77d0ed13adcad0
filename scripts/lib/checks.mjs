import { availableParallelism } from 'node:os';
import { buildPackage, buildSampleApp } from './build.mjs';
import { npm } from './processes.mjs';
import { step } from './report.mjs';
import { root } from './root.mjs';

const script = (name) => () => npm(['run', '--silent', name], { cwd: root }).then(() => undefined);

/** The longest first. The sample app imports the package by its name, that is, as it was built. */
const everything = [
  [
    ['build', buildPackage],
    ['build:sample', buildSampleApp],
  ],
  [['format:check', script('format:check')]],
  [['typecheck', script('typecheck')]],
  [['lint', script('lint')]],
];

const builds = everything.slice(0, 1);

/** Runs every static check and build, as many at a time as there are processors. */
export const runChecks = () => runChains(everything);

/** Runs the builds alone, for tests that import what was built. */
export const runBuilds = () => runChains(builds);

/** @returns {Promise<{ passed: number, failed: number }>} the steps of a chain run in order; a failed one stops none */
async function runChains(chains) {
  const waiting = [...chains];
  const counts = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let chain = waiting.shift(); chain; chain = waiting.shift()) {
      for (const [name, work] of chain) {
        const outcome = await step(name, work).then(
          () => 'passed',
          () => 'failed',
        );
        counts[outcome] += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return counts;
}
