/**
 * `npm test`: installs, checks, builds, finds the browser, starts the servers meanwhile, and runs every test; then, on
 * the other versions of Node that are supported and on the oldest Nest and TypeORM, those tests that depend on them.
 * `npm test -- <vitest's arguments>`: the same without the checks, for those tests; test/unit needs the packages alone.
 *
 * What failed is named once more at the end. The last line is `N passed, N failed`, with `, N skipped` where some were; a check or a build counts as one.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runChecksBeside, runBuilds, runChecks } from './lib/checks.mjs';
import { installPackages, installSqlite } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { provideNeeds } from './lib/needs.mjs';
import { provideNodes } from './lib/nodes.mjs';
import { provideOldest } from './lib/oldest.mjs';
import { say, step, tell } from './lib/report.mjs';
import { root } from './lib/root.mjs';
import { runVitest } from './lib/vitest.mjs';

const args = process.argv.slice(2);
const everything = args.length === 0;
const files = args.filter((arg) => !arg.startsWith('-'));
const unitOnly = files.length > 0 && files.every((file) => /^(\.\/)?test\/unit\b/.test(file));

/** The projects of vitest.config.mts. A forgotten `.only` would leave other tests out. */
const sideBySide = ['--allowOnly=false', '--project=together', '--project=apart'];
const alone = ['--allowOnly=false', '--project=alone'];

/** Unit tests of what is the same on any Node: they read sources, or count. */
const SAME_ON_ANY_NODE = [
  'docs-site',
  'documented-proofs',
  'endpoint-walk',
  'folders',
  'lane-width',
  'lanes',
  'lockfile',
  'public-names',
  'rate-slots',
  'sliding-window',
].map((name) => `${name}.spec.ts`);
const otherUnitTests = readdirSync(join(root, 'test/unit'))
  .filter((file) => !SAME_ON_ANY_NODE.includes(file))
  .map((file) => `test/unit/${file}`);

/** What depends on Node itself: its URL parser, its TLS, its sockets, its engine, and SQLite's driver. */
const onOtherNodes = [
  ...sideBySide,
  '--no-file-parallelism',
  ...otherUnitTests,
  'test/integration/http-client',
  'test/integration/hostile-servers',
  'test/e2e/delivery',
  'test/e2e/outcomes',
  'test/e2e/rest-routes',
];

/** What depends on Nest and TypeORM: modules, decorators and routes; entities, migrations, transactions and statements. */
const onOldestPackages = [
  ...sideBySide,
  '--no-file-parallelism',
  'test/e2e/closing',
  'test/e2e/schema',
  'test/e2e/delivery',
  'test/e2e/domain-events',
  'test/e2e/emits-webhook',
  'test/e2e/feature-events',
  'test/e2e/module',
  'test/e2e/rest-routes',
  'test/e2e/rest-errors',
];

/** On the other versions of Node, whose drivers of servers are JavaScript; and on the oldest TypeORM. */
const SQLITE = { TEST_DATABASES: 'sqlite' };
const SQLITE_AND_POSTGRES = { TEST_DATABASES: 'sqlite,postgres' };

const MOST_SECOND_RUNS = 5;
const mayRunTwice = (file) => file !== undefined && !file.startsWith('test/chaos');

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const ranTwice = [];
const add = ({ failures: named = [], ...counts }) => {
  for (const [name, count] of Object.entries(counts)) total[name] += count;
  failures.push(...named);
};

const failed = (error) => {
  tell(error);
  add({ failed: 1, failures: [{ text: error.message }] });
};

await main(async () => {
  await runAll().catch(failed);
  for (const text of ranTwice) say(`Ran twice, for it failed at first: ${text}`);
  for (const { text } of failures) say(`✗ ${text}`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  say(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 ? 1 : 0;
});

async function runAll() {
  // What must be downloaded first takes as long as the checks.
  const provided = unitOnly ? undefined : provideNeeds();
  provided?.catch(() => {});
  const otherNodes = everything ? provideNodes() : Promise.resolve([]);
  otherNodes.catch(() => {});
  await step('packages', installPackages);
  const sqlite = step('better-sqlite3', installSqlite);
  sqlite.catch(() => {});
  if (everything) add(await runChecks());
  else if (!unitOnly) add(await runBuilds());
  await sqlite;

  const needs = await provided;
  if (everything) await runEverything(needs.env, otherNodes);
  else add(await runVitest(args, needs));
  await needs?.stop();
}

/** The other versions, one after the other, the format and the docs' site go on beside the main part: that waits for servers for much of its time. */
async function runEverything(env, otherNodes) {
  const others = async () => {
    for (const node of await otherNodes) add(await runOn(node, env));
    add(await runOnOldest(env));
  };
  const [main, beside] = await Promise.all([
    runTwice(sideBySide, { env }),
    runChecksBeside(),
    others().catch(failed),
  ]);
  add(main);
  add(beside);
  add(await runTwice(alone, { env }));
}

async function runOn({ name, path: node, env, missing }, serverEnv) {
  if (missing) {
    say(`skipped: ${name} (${missing})`);
    return { skipped: 1 };
  }
  const on = { env: { ...serverEnv, ...env, ...SQLITE }, node, title: name };
  return named(name, await runTwice(onOtherNodes, on));
}

async function runOnOldest(serverEnv) {
  const { name, folder, remove } = await provideOldest();
  const on = { env: { ...serverEnv, ...SQLITE_AND_POSTGRES }, folder, title: name };
  const counts = await runTwice(onOldestPackages, on);
  remove();
  return named(name, counts);
}

function named(name, counts) {
  return { ...counts, failures: counts.failures.map(({ text }) => ({ text: `${name}: ${text}` })) };
}

/**
 * Real browsers, servers and clocks on a busy machine: what failed gets a second run, each file in a process of its own, and is named even if it
 * passes then. A delivery that the fault suite finds lost gets none.
 */
async function runTwice(args, on) {
  const first = await runVitest(args, on);
  const files = [...new Set(first.failures.map(({ file }) => file))];
  const again = files.length > 0 && files.length <= MOST_SECOND_RUNS && files.every(mayRunTwice);
  if (!again) return first;
  const second = await runVitest(['--no-file-parallelism', '--isolate', ...files], on);
  for (const { text } of first.failures) ranTwice.push(text);
  return { ...second, passed: first.passed + first.failed - second.failed, skipped: first.skipped };
}
