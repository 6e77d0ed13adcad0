import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, run } from './processes.mjs';
import { root } from './root.mjs';

const shared = ['package.json', 'tsconfig.json', 'node_modules/.package-lock.json'];

const script = (name) => () => npm(['run', '--silent', name], { cwd: root });

const builds = {
  package: {
    compile: script('build'),
    output: 'dist',
    main: 'dist/index.js',
    sources: ['lib', 'tsconfig.build.json'],
  },
  sample: {
    compile: script('build:sample'),
    output: '.sample-app',
    main: '.sample-app/main.js',
    sources: ['sample-app', 'dist/index.js'],
  },
  bench: {
    compile: () =>
      run(process.execPath, ['node_modules/typescript-7/bin/tsc', '-p', 'test/bench'], { cwd: root }),
    output: '.bench',
    main: '.bench/bench/main.js',
    type: 'module',
    sources: ['test/bench', 'test/support/databases.ts', 'dist/index.js'],
  },
};

/** Builds the package into dist. Resolves to 'up to date' if the output is newer than every source. */
export const buildPackage = () => build(builds.package);

/** Builds the sample app into .sample-app; the package must be built. */
export const buildSampleApp = () => build(builds.sample);

/** Builds test/bench into .bench; the package must be built. */
export const buildBench = () => build(builds.bench);

async function build({ compile, output, main, type, sources }) {
  const builtAt = changedAt(join(root, main));
  if (builtAt > Math.max(...[...shared, ...sources].map((path) => changedAt(join(root, path))))) {
    return 'up to date';
  }
  // Otherwise outputs of deleted sources would be packed and imported.
  rmSync(join(root, output), { recursive: true, force: true });
  try {
    await compile();
    if (type) makePackage(join(root, output), type);
  } catch (error) {
    // tsc writes its output despite errors, so the next build would treat it as up to date.
    rmSync(join(root, main), { force: true });
    throw error;
  }
  return undefined;
}

/** A folder with its own package.json finds the package by name only in node_modules. */
function makePackage(folder, type) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/nestjs-webhooks'), 'junction');
}

/** The time of the latest change in a file or folder; 0 if there is none. A folder's own time shows deleted files. */
function changedAt(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}
