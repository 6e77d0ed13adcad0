import { cpSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CACHE } from './cache.mjs';
import { npm, run } from './processes.mjs';
import { root } from './root.mjs';
import { CommandFailure, say } from './report.mjs';

const OLDEST_NODE = [20, 19];
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];
const UP_TO_DATE = 'up to date';
const INSTALLED = 'installed';
const SQLITE = join(root, 'node_modules/better-sqlite3');

/** @throws {CommandFailure} when this Node.js is too old to run the package */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const [needMajor, needMinor] = OLDEST_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new CommandFailure(
    `Node.js ${OLDEST_NODE.join('.')} or newer is needed, this is ${version}. Install the current LTS from https://nodejs.org.`,
  );
}

/** Installs everything that the scripts need. Resolves to a note for the reader. */
export async function install() {
  const notes = [await installPackages(), await installSqlite()];
  return notes.find((note) => note !== UP_TO_DATE) ?? UP_TO_DATE;
}

/** Installs the packages of package-lock.json that node_modules lacks, without the work of `installSqlite`. */
export async function installPackages() {
  const reason = outdated();
  if (!reason) return UP_TO_DATE;
  say(`  Installing packages: ${reason}…`);
  await npm(['ci', '--ignore-scripts', ...QUIET], { cwd: root });
  return INSTALLED;
}

/**
 * Installs the binary of better-sqlite3 if none loads in this Node.js: from the cache, or by downloading or
 * compiling, which takes over a minute of CPU. No check and no build needs it. Only this package's install script is
 * allowed in package.json.
 */
export async function installSqlite() {
  if (await sqliteLoads()) return UP_TO_DATE;
  const built = join(SQLITE, 'build/Release/better_sqlite3.node');
  const kept = keptSqlite();
  if (existsSync(kept)) {
    copy(kept, built);
    if (await sqliteLoads()) return 'from the cache';
  }
  // JOBS is node-gyp's; it compiles one file at a time without it.
  await npm(['rebuild', 'better-sqlite3', ...QUIET], { cwd: root, env: { JOBS: 'max' } });
  if (await sqliteLoads()) {
    copy(built, kept);
    return INSTALLED;
  }
  throw new CommandFailure(
    'better-sqlite3 was installed but does not load. `npm rebuild better-sqlite3 --foreground-scripts` shows why: ' +
      'it needs a compiler, make and Python 3 where no ready-made binary can be had.',
  );
}

/** The cache of its binary for this Node.js, shared by checkouts. */
function keptSqlite() {
  const { version } = JSON.parse(readFileSync(join(SQLITE, 'package.json'), 'utf8'));
  const { platform, arch, versions } = process;
  return join(CACHE, `better-sqlite3-${version}`, `${platform}-${arch}-${versions.modules}.node`);
}

/** Copies atomically, since others may copy the same. */
function copy(from, to) {
  const part = `${to}.${process.pid}`;
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, part);
  renameSync(part, to);
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
    // Optional packages of other platforms are in the lock file but not installed.
    if (!found && !entry.optional) return `${path} is missing`;
    if (found && (found.version !== entry.version || found.integrity !== entry.integrity)) {
      return `${path} is not ${entry.version}`;
    }
  }
  return Object.keys(installed).some((path) => !(path in wanted)) ? 'node_modules has left-overs' : undefined;
}

/** Whether better-sqlite3 loads. It doesn't if its binary is missing, or is for another version of Node.js. */
async function sqliteLoads() {
  const open = "new (require('better-sqlite3'))(':memory:').close()";
  try {
    await run(process.execPath, ['-e', open], { cwd: root });
    return true;
  } catch {
    return false;
  }
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
