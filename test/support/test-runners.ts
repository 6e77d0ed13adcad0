import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files that `nest new` of Nest 11 writes, as far as tests need them. */
export const JEST_FILES = {
  'jest.config.json': JSON.stringify({
    moduleFileExtensions: ['js', 'json', 'ts'],
    rootDir: '.',
    testRegex: '[.-]spec\\.ts$',
    transform: { '^.+\\.(t|j)s$': 'ts-jest' },
    testEnvironment: 'node',
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      isolatedModules: true,
      esModuleInterop: true,
      emitDecoratorMetadata: true,
      experimentalDecorators: true,
      target: 'ES2023',
      skipLibCheck: true,
      strictNullChecks: true,
    },
  }),
};

/** The setup of an app with ES modules and Jest's globals. */
export const VITEST_FILES = {
  'vitest.config.mjs': `
import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: { globals: true, include: ['*spec.ts'] },
});
`,
};

export interface RunnerReport {
  /** The file and name of each test that passed. */
  readonly passed: readonly string[];
  /** The failed tests, with the runner's messages. */
  readonly failed: readonly string[];
  readonly output: string;
}

/**
 * Runs the tests in a folder with the runner in `modules`, in a process of its own. Returns the runner's
 * report.
 */
export const runJest = (folder: string, modules: string): Promise<RunnerReport> =>
  run(folder, [join(modules, 'jest/bin/jest.js'), '--runInBand', '--json', '--outputFile=report.json']);

export const runVitest = (folder: string, modules: string): Promise<RunnerReport> =>
  run(folder, [
    join(modules, 'vitest/vitest.mjs'),
    'run',
    '--maxWorkers=1',
    '--reporter=json',
    '--outputFile=report.json',
  ]);

/** Both runners write a report in Jest's format. */
interface Report {
  testResults: {
    name: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

async function run(folder: string, args: readonly string[]): Promise<RunnerReport> {
  const file = join(folder, 'report.json');
  writeFileSync(file, '{ "testResults": [] }');
  const output = await new Promise<string>((resolve) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME };
    execFile(process.execPath, args, { cwd: folder, env }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const tests = testResults.flatMap(({ name, message, assertionResults }) =>
    assertionResults.length === 0
      ? [{ test: name, passes: false, why: message }]
      : assertionResults.map(({ status, fullName, failureMessages }) => ({
          test: fullName,
          passes: status === 'passed',
          why: failureMessages.join('\n'),
        })),
  );
  return {
    passed: tests.filter(({ passes }) => passes).map(({ test }) => test),
    failed: tests.filter(({ passes }) => !passes).map(({ test, why }) => `${test}: ${why}`),
    output,
  };
}
