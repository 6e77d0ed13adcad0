/**
 * `npm test`: installs, checks, builds, finds the browser, starts the servers meanwhile, and runs every test; then, on
 * the oldest and newest Node and on the oldest Nest and TypeORM, those tests that depend on them.
 * `npm test -- browser oldest`: these parts alone, see ./lib/parts.mjs.
 * `npm test -- <vitest's arguments>`: these tests alone, without the checks; test/unit needs the packages alone.
 * `npm run test:all`: the same, with every combination of versions, databases and queues, and the long form of what takes long.
 *
 * At the end it names once more what failed. The last line is `N passed, N failed`, with `, N skipped` where some were; each check and build counts as one.
 */
import { runBuilds, runChecks, runChecksBeside } from './lib/checks.mjs';
import { installPackages, installSqlite } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { provideNeeds } from './lib/needs.mjs';
import { provideNodes } from './lib/nodes.mjs';
import { provideOldest } from './lib/oldest.mjs';
import {
  alone,
  needNoServers,
  onOldestPackages,
  onOtherNodes,
  readArguments,
  sideBySide,
} from './lib/parts.mjs';
import { say, step, tell } from './lib/report.mjs';
import { runVitest } from './lib/vitest.mjs';

const { full, parts, rest } = readArguments(process.argv.slice(2));
const withoutServers = needNoServers({ parts, rest });

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
  // A download takes as long as the checks, so it begins first.
  const provided = withoutServers ? undefined : provideNeeds();
  provided?.catch(() => {});
  const otherNodes = parts.has('nodes') ? provideNodes(full) : Promise.resolve([]);
  otherNodes.catch(() => {});
  await step('packages', installPackages);
  const sqlite = step('better-sqlite3', installSqlite);
  sqlite.catch(() => {});
  if (parts.has('checks')) add(await runChecks());
  else if (!withoutServers) add(await runBuilds());
  await sqlite;

  const needs = await provided;
  const env = { ...needs?.env, ...(full ? { TEST_FULL: '1' } : {}) };
  if (parts.size > 0) await runParts(env, otherNodes);
  else add(await runVitest(rest, { env }));
  await needs?.stop();
}

/**
 * Most tests wait for servers much of the time. Meanwhile, the other checks and the other versions run, one
 * after another.
 */
async function runParts(env, otherNodes) {
  const others = async () => {
    for (const node of await otherNodes) add(await runOn(node, env));
    if (parts.has('oldest')) add(await runOnOldest(env));
  };
  const outcomes = await Promise.all([
    runPart(sideBySide(parts), env),
    parts.has('checks') && runChecksBeside(),
    others().catch(failed),
  ]);
  for (const outcome of outcomes) if (outcome) add(outcome);
  const last = await runPart(alone(parts), env);
  if (last) add(last);
}

/** Returns undefined if none of the parts has such tests. */
async function runPart(args, env) {
  return args && runTwice([...args, ...rest], { env });
}

async function runOn({ name, path: node, env, missing }, commonEnv) {
  if (missing) {
    say(`skipped: ${name} (${missing})`);
    return { skipped: 1 };
  }
  const { args, env: ownEnv } = onOtherNodes();
  const on = { env: { ...commonEnv, ...env, ...ownEnv }, node, title: name };
  return named(name, await runTwice([...args, ...rest], on));
}

async function runOnOldest(commonEnv) {
  const { name, folder, remove } = await provideOldest();
  const { args, env } = onOldestPackages(full);
  const counts = await runTwice([...args, ...rest], { env: { ...commonEnv, ...env }, folder, title: name });
  remove();
  return named(name, counts);
}

function named(name, counts) {
  return { ...counts, failures: counts.failures.map(({ text }) => ({ text: `${name}: ${text}` })) };
}

/**
 * Runs the files that failed a second time, each in a process of its own, since a busy machine can delay a browser, a server or a timer. The report
 * names them even if they pass then. Those of the fault suite run only once, since a lost delivery is always an error.
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
