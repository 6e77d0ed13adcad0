/**
 * `npm run test:chaos`: the scenarios of test/chaos with more rounds and more events, on servers that it starts, and a
 * table of the results; then the effect of slow and dead endpoints on others, with the default timeout.
 * `npm run test:chaos -- -t 'Redis'` runs those whose name matches.
 */
import { runBuilds } from './lib/checks.mjs';
import { install } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { provideNeeds } from './lib/needs.mjs';
import { say, step } from './lib/report.mjs';
import { runVitest } from './lib/vitest.mjs';

await main(async () => {
  await step('packages', install);
  const builds = await runBuilds();
  const needs = await provideNeeds();
  const tests = await runVitest(['test/chaos', 'test/load/isolation', ...process.argv.slice(2)], {
    env: { ...needs.env, CHAOS: 'long' },
  });
  await needs.stop();
  const failed = builds.failed + tests.failed;
  say(`${tests.passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
