import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** The folders of test whose files can run at the same time. */
const SIDE_BY_SIDE = ['unit', 'integration', 'e2e', 'browser', 'package', 'bench'];
/** These measure time or stop servers, so each file runs alone. */
const ALONE = ['load', 'chaos'];
/** The parts that can run by name: `npm test -- checks oldest`. CONTRIBUTING.md says what each shows. */
const PARTS = ['checks', ...SIDE_BY_SIDE, 'nodes', 'oldest', ...ALONE];

/**
 * Reads the arguments of `npm test`.
 *
 * @returns `full` with `--full`; `parts`, the names that come first, all of them if there are no arguments; and `rest`,
 *   which goes to vitest
 */
export function readArguments([...args]) {
  const full = args[0] === '--full';
  if (full) args.shift();
  const everything = args.length === 0;
  const parts = [];
  while (PARTS.includes(args[0])) parts.push(args.shift());
  return { full, parts: new Set(everything ? PARTS : parts), rest: args };
}

/** Whether the named tests need no server and no browser. The unit tests need no build either. */
export function needNoServers({ parts, rest }) {
  if (parts.size > 0) return [...parts].every((name) => ['checks', 'unit'].includes(name));
  const files = rest.filter((arg) => !arg.startsWith('-'));
  return files.length > 0 && files.every((file) => /^(\.\/)?test\/unit\b/.test(file));
}

/** Arguments of vitest for these parts; undefined if none of them has such tests. A forgotten `.only` fails. */
export const sideBySide = (parts) =>
  foldersOf(parts, SIDE_BY_SIDE, ['--allowOnly=false', '--project=together', '--project=apart']);
export const alone = (parts) => foldersOf(parts, ALONE, ['--allowOnly=false', '--project=alone']);

function foldersOf(parts, folders, options) {
  const wanted = folders.filter((name) => parts.has(name));
  return wanted.length > 0 ? [...options, ...wanted.map((name) => `test/${name}/`)] : undefined;
}

const ONE_BY_ONE = ['--allowOnly=false', '--project=together', '--no-file-parallelism'];

/** These unit tests read sources or count, which is the same on any Node. */
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

/** The tests that depend on Node itself: its URL parser, TLS, sockets and engine, and SQLite's driver. */
export const onOtherNodes = () => ({
  args: [
    ...ONE_BY_ONE,
    ...readdirSync(join(root, 'test/unit'))
      .filter((file) => !SAME_ON_ANY_NODE.includes(file))
      .map((file) => `test/unit/${file}`),
    'test/integration/http-client',
    'test/integration/hostile-servers',
    'test/e2e/delivery',
    'test/e2e/outcomes',
    'test/e2e/rest-routes',
  ],
  // The drivers of servers are JavaScript.
  env: { TEST_DATABASES: 'sqlite' },
});

/**
 * The tests that depend on Nest and TypeORM: modules, decorators and routes; entities, migrations,
 * transactions and statements.
 */
export const onOldestPackages = (full) => ({
  args: [
    ...ONE_BY_ONE,
    'test/e2e/closing',
    'test/e2e/schema.spec',
    ...(full ? ['test/e2e/schema-at-start'] : []),
    'test/e2e/delivery',
    'test/e2e/domain-events',
    'test/e2e/emits-webhook',
    'test/e2e/feature-events',
    'test/e2e/module',
    'test/e2e/rest-routes',
    'test/e2e/rest-errors',
  ],
  // The app of Nest 10 in test/package already covers PostgreSQL.
  env: { TEST_DATABASES: full ? 'sqlite,postgres' : 'sqlite' },
});
