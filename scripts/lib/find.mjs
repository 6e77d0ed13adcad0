import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where package managers put programs that are not on everyone's PATH. `*` stands for one folder, the highest version first. */
const MORE_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/*/bin',
  '/usr/local/opt/*/bin',
  '/Applications/*/Contents/MacOS',
];

/** The full path of the first existing program, among names in order of preference. */
export const find = (...names) => findWhere(() => true, ...names);

/** Returns all programs that `accepts` accepts. */
export function findWhere(accepts, ...names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS.flatMap(expand)];
  const paths = names.flatMap((name) => folders.filter(Boolean).map((folder) => join(folder, name)));
  return paths.find((path) => isProgram(path) && accepts(path));
}

/** Whether the path is an executable file. */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function expand(pattern) {
  const [before, after] = pattern.split('*');
  if (after === undefined) return [pattern];
  const cut = before.lastIndexOf('/') + 1;
  const [parent, prefix] = [before.slice(0, cut), before.slice(cut)];
  try {
    return readdirSync(parent)
      .filter((name) => name.startsWith(prefix))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => parent + name + after);
  } catch {
    return [];
  }
}
