import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CACHE } from './cache.mjs';
import { npm, run } from './processes.mjs';
import { CommandFailure } from './report.mjs';

/** The versions of Node.js that the package supports, the oldest first. */
const MAJORS = [20, 22, 24];

/** Loads better-sqlite3 from elsewhere, because the one in node_modules is for this Node.js only. */
const SQLITE_HOOK = fileURLToPath(new URL('../../test/support/other-sqlite.cjs', import.meta.url));

/**
 * Finds the supported versions of Node.js except the running one, with a better-sqlite3 for each. The
 * environment names them (TEST_NODE_22 and the like); otherwise they come as npm packages into a cache
 * outside of the checkout. The Node.js of this machine stays as it is.
 * @param {boolean} all whether to find all versions, or only the oldest and the newest
 * @returns {Promise<{ name: string, path?: string, env?: Record<string, string>, missing?: string }[]>}
 * `missing` is the reason why a version is missing. That is no failure: not every platform has such a package
 * @throws {CommandFailure} if the environment names one that does not run
 */
export async function provideNodes(all) {
  const own = Number(process.versions.node.split('.')[0]);
  const wanted = all ? MAJORS : [MAJORS[0], MAJORS.at(-1)];
  const nodes = [];
  for (const major of wanted.filter((other) => other !== own)) nodes.push(await provide(major));
  return nodes;
}

async function provide(major) {
  const named = process.env[`TEST_NODE_${major}`];
  try {
    const path = named ?? (await downloaded(major));
    const version = await versionOf(path, major);
    const env = {
      PATH: [dirname(path), process.env.PATH].join(delimiter),
      NODE_OPTIONS: `--require=${JSON.stringify(SQLITE_HOOK)}`,
      TEST_BETTER_SQLITE3: await sqliteOf(major, path),
    };
    return { name: `Node ${version}`, path, env };
  } catch (error) {
    if (named || !(error instanceof CommandFailure)) throw error;
    return { name: `Node ${major}`, missing: `npm could not install it. Name one in TEST_NODE_${major}` };
  }
}

async function versionOf(path, major) {
  const version = (await run(path, ['-p', 'process.versions.node'])).trim();
  if (version.startsWith(`${major}.`)) return version;
  throw new CommandFailure(`TEST_NODE_${major} names ${path}, which is Node ${version}.`);
}

/** The packages of Node.js's own maintainers: a program for each platform, and its headers. */
async function downloaded(major) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(CACHE, `node-${major}`);
  const path = join(folder, 'node_modules', name, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node');
  if (!existsSync(path)) await installInto(folder, `${name}@${major}`, ['--ignore-scripts']);
  return path;
}

/** Version 13 needs Node 22 and comes with a binary for every platform; 12 is compiled for one version of Node.js. */
async function sqliteOf(major, node) {
  const folder = join(CACHE, major < 22 ? `better-sqlite3-12-node-${major}` : 'better-sqlite3-13');
  const path = join(folder, 'node_modules/better-sqlite3');
  if (existsSync(path)) return path;
  if (major >= 22) await installInto(folder, 'better-sqlite3@13', ['--ignore-scripts']);
  else {
    const env = { JOBS: 'max', PATH: [dirname(node), process.env.PATH].join(delimiter) };
    const headers = dirname(dirname(node));
    if (existsSync(join(headers, 'include/node'))) env.npm_config_nodedir = headers;
    await installInto(folder, 'better-sqlite3@12', [], env);
  }
  return path;
}

const installInto = (folder, what, options, env = {}) =>
  npm(
    [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...options,
      what,
    ],
    {
      env,
    },
  );
