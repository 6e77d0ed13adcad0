import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, run } from './processes.mjs';
import { root } from './root.mjs';
import { CommandFailure, say } from './report.mjs';

const OLDEST_NODE = [20, 19];

/** @throws {CommandFailure} when this Node.js is too old to run the package */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const [needMajor, needMinor] = OLDEST_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new CommandFailure(
    `Node.js ${OLDEST_NODE.join('.')} or newer is needed, this is ${version}. Install the current LTS from https://nodejs.org.`,
  );
}

/** Installs the packages of package-lock.json where node_modules does not hold them. Resolves to a note for the reader. */
export async function install() {
  const reason = outdated() ?? (await sqliteBroken());
  if (!reason) return 'up to date';
  say(`  Installing packages: ${reason} (about a minute where better-sqlite3 must be compiled)…`);
  // JOBS is node-gyp's; it compiles on one core without it.
  await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, env: { JOBS: 'max' } });
  if (await sqliteBroken()) {
    throw new CommandFailure(
      'better-sqlite3 was installed but does not load. `npm rebuild better-sqlite3 --foreground-scripts` shows why: ' +
        'it needs a compiler, make and Python 3 where no ready-made binary can be had.',
    );
  }
  return 'installed';
}

/** Compares the lock file with npm's own record of what it installed. Undefined when they agree. */
function outdated() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return 'node_modules is missing';
  const installed = packagesOf(record);
  const wanted = packagesOf(join(root, 'package-lock.json'));
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    // Optional packages of other platforms are locked and not installed.
    if (!found && !entry.optional) return `${path} is missing`;
    if (found && (found.version !== entry.version || found.integrity !== entry.integrity)) {
      return `${path} is not ${entry.version}`;
    }
  }
  return Object.keys(installed).some((path) => !(path in wanted)) ? 'node_modules has left-overs' : undefined;
}

/** The binary is missing where install scripts were not allowed, and does not load in another Node.js version. */
async function sqliteBroken() {
  const open = "new (require('better-sqlite3'))(':memory:').close()";
  try {
    await run(process.execPath, ['-e', open], { cwd: root });
    return undefined;
  } catch {
    return 'better-sqlite3 has no binary for this Node.js';
  }
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
