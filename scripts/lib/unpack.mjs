import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './cache.mjs';
import { onCleanUp } from './cleanup.mjs';
import { find, isProgram } from './find.mjs';
import { run } from './processes.mjs';
import { CommandFailure, step } from './report.mjs';

const folderOf = (name) => join(CACHE, name);

/** Whether this machine can unpack packages. Debian and its derivatives can, without root. */
export const canUnpack = () => find('apt-get') !== undefined && find('dpkg-deb') !== undefined;

/**
 * Returns how to start a program of an unpacked package, or undefined if there is none. It runs with the C
 * library of its own distribution, which may be newer than the machine's.
 * @returns {{ main: string, launch: string[], root: string } | undefined}
 */
export function unpacked(name, program) {
  const root = folderOf(name);
  const main = join(root, program);
  if (!isProgram(main)) return undefined;
  const libraries = list(root, 'usr/lib').filter((path) => /-linux-gnu\w*$/.test(path));
  const [loader] = ['usr/lib64', 'usr/lib'].flatMap((folder) =>
    list(root, folder).filter((path) => /\/ld-linux[^/]*\.so\.\d+$/.test(path)),
  );
  return loader && { main, launch: [loader, '--library-path', libraries.join(':'), main], root };
}

/**
 * Unpacks the newest package whose name matches, and what it depends on, into the folder of that name. The machine's own
 * packages stay as they are. It asks Debian's unstable release at the same mirror, because stable ones may lack the package.
 *
 * @throws {CommandFailure}
 */
export async function unpack(name, packages) {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, `${name}-`));
  const remove = () => rmSync(work, { recursive: true, force: true });
  const forget = onCleanUp(async () => remove(), remove);
  try {
    await step(`unpack ${name}`, () => unpackInto(join(work, 'root'), work, packages));
    rmSync(folderOf(name), { recursive: true, force: true });
    renameSync(join(work, 'root'), folderOf(name));
  } finally {
    remove();
    forget();
  }
}

async function unpackInto(root, work, packages) {
  const options = await aptOptions(work);
  const apt = (program, ...args) => run(program, [...options, ...args]);
  await apt('apt-get', 'update');
  const found = await apt('apt-cache', 'search', '--names-only', packages);
  const newest = found
    .split('\n')
    .map((line) => line.split(' ')[0])
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  if (!newest) throw new CommandFailure(`No package ${packages} in the sources of apt.`);
  await apt('apt-get', 'install', '-y', '--no-install-recommends', '--download-only', newest);
  const archives = join(work, 'cache/archives');
  for (const file of readdirSync(archives).filter((entry) => entry.endsWith('.deb'))) {
    await run('dpkg-deb', ['--extract', join(archives, file), root]);
  }
  return newest;
}

/** Runs an apt of its own, which believes that nothing is installed, so it downloads every library, too. */
async function aptOptions(work) {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'root']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  writeFileSync(join(work, 'status'), '');
  const settings = {
    'Dir::State': work,
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'Debug::NoLocking': 'true',
    'APT::Sandbox::User': process.getuid?.() === 0 ? 'root' : '',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
  };
  const mirror = await debianMirror();
  if (mirror) {
    settings['Dir::Etc::sourcelist'] = join(work, 'sources.list');
    settings['Dir::Etc::sourceparts'] = '-';
    writeFileSync(settings['Dir::Etc::sourcelist'], `deb ${mirror} unstable main\n`);
  }
  return Object.entries(settings).flatMap(([option, value]) => ['-o', `${option}=${value}`]);
}

/** The mirror that this Debian is installed from; undefined on another distribution. */
async function debianMirror() {
  const ask = () =>
    run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Origin: Debian']);
  let answer = await ask();
  // After apt has read a source, it knows its origin.
  if (!answer.trim() && process.getuid?.() === 0) {
    await run('apt-get', ['update']).catch(() => {});
    answer = await ask();
  }
  return answer.split('\n')[0] || undefined;
}

function list(root, folder) {
  try {
    return readdirSync(join(root, folder)).map((name) => join(root, folder, name));
  } catch {
    return [];
  }
}
