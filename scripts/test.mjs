/**
 * `npm test`: installs, checks, builds, finds the browser, starts the servers and runs every test.
 * `npm test -- <vitest's arguments>`: the same without the checks, for those tests; test/unit needs the packages alone.
 *
 * The last line is `N passed, N failed`, with `, N skipped` where some were; a check or a build counts as one.
 */
import { runBuilds, runChecks } from './lib/checks.mjs';
import { install } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { provideNeeds } from './lib/needs.mjs';
import { say, step, tell } from './lib/report.mjs';
import { runVitest } from './lib/vitest.mjs';

const args = process.argv.slice(2);
const everything = args.length === 0;
const files = args.filter((arg) => !arg.startsWith('-'));
const unitOnly = files.length > 0 && files.every((file) => /^(\.\/)?test\/unit\b/.test(file));

/** What measures time or kills servers runs by itself, file by file. A forgotten `.only` would leave other tests out. */
const alone = ['test/load', 'test/chaos'];
const wholeSuite = [
  ['--allowOnly=false', ...alone.map((folder) => `--exclude=${folder}/**`)],
  ['--allowOnly=false', '--no-file-parallelism', ...alone],
];

const total = { passed: 0, failed: 0, skipped: 0 };
const add = (counts) => {
  for (const [name, count] of Object.entries(counts)) total[name] += count;
};

await main(async () => {
  try {
    await runAll();
  } catch (error) {
    tell(error);
    add({ failed: 1 });
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  say(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 ? 1 : 0;
});

async function runAll() {
  await step('packages', install);
  if (everything) add(await runChecks());
  else if (!unitOnly) add(await runBuilds());

  const needs = unitOnly ? undefined : await provideNeeds();
  for (const run of everything ? wholeSuite : [args]) add(await runVitest(run, needs?.env));
  await needs?.stop();
}
