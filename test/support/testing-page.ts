import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkPackage } from './linked-packages.js';
import { namedBlocks } from './readme.js';
import { JEST_FILES, runJest, runVitest, VITEST_FILES, type RunnerReport } from './test-runners.js';

const blocks = namedBlocks(new URL('../../docs/how-to/testing.md', import.meta.url));

/** The test files on the page docs/how-to/testing.md. */
export const pageSpecs = blocks.map(({ file }) => file).filter((file) => /[.-]spec\.ts$/.test(file));

/** Each of their tests, as the name of its group and its own. */
export const pageTests = blocks.flatMap(({ code }) => {
  const [, group] = /describe\('(.+?)'/.exec(code) ?? [];
  return [...code.matchAll(/^ {2}it\('(.+?)'/gm)].map(([, name]) => `${group} ${name}`);
});

const RUNNERS = {
  jest: { files: JEST_FILES, run: runJest, asWritten: (code: string) => code },
  // As the page says, relative imports end with `.js`.
  vitest: {
    files: VITEST_FILES,
    run: runVitest,
    asWritten: (code: string) => code.replace(/from '(\.\/[^']+)'/g, "from '$1.js'"),
  },
};

/** Runs the page's tests with the packages of an app, in a folder of their own. */
export async function runTestingPage(home: string, runner: keyof typeof RUNNERS): Promise<RunnerReport> {
  const { files, run, asWritten } = RUNNERS[runner];
  const folder = join(home, 'testing-page');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  linkPackage(folder, 'better-sqlite3');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  for (const { file, code } of blocks) writeFileSync(join(folder, file), asWritten(code));
  return run(folder, join(home, 'node_modules'));
}
