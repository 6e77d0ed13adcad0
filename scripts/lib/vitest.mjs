import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { haltIfEnding, onCleanUp } from './cleanup.mjs';
import { start } from './processes.mjs';
import { say } from './report.mjs';
import { root } from './root.mjs';

const ERROR_REPORTER = join(root, 'scripts/lib/error-reporter.mjs');

/** @typedef {{ file?: string, text: string }} Failure a failed test, a file that does not load, or an error outside of tests, with the first lines of why */

/**
 * Runs vitest with its usual output and counts what it reports.
 *
 * @param {{ env?: object, node?: string, folder?: string, title?: string }} [on] `node` is the path of another Node.js, `folder` a copy of the
 *   checkout. With a `title`, it prints that and the output once vitest has ended, because other runs print meanwhile
 * @returns {Promise<{ passed: number, failed: number, skipped: number, failures: Failure[] }>} a file that does not load is one failure, and so
 *   is each error outside of tests, and a run without any test
 */
export async function runVitest(args, { env, node = process.execPath, folder = root, title } = {}) {
  const reportFolder = mkdtempSync(join(tmpdir(), 'nestjs-webhooks-report-'));
  const removeFolder = () => rmSync(reportFolder, { recursive: true, force: true });
  const forget = onCleanUp(async () => removeFolder(), removeFolder);
  const report = join(reportFolder, 'report.json');
  const errorReport = join(reportFolder, 'errors.json');
  const reporters = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    `--reporter=${ERROR_REPORTER}`,
  ];
  const vitest = start(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args], {
    cwd: folder,
    env: { ...env, ERROR_REPORT: errorReport },
    stdio: title ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  let heldBack = '';
  for (const stream of [vitest.child.stdout, vitest.child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk) => (heldBack += chunk));
  const { code } = await vitest.exited;
  await haltIfEnding();
  if (title) say(`\n${title}\n${heldBack}`);
  const counts = count(readJson(report), readJson(errorReport) ?? [], folder);
  removeFolder();
  forget();
  const failed = (text) => {
    counts.failed = 1;
    counts.failures = [{ text: [title, text].filter(Boolean).join(': ') }];
  };
  if (counts.passed + counts.failed === 0) failed('no test ran');
  else if (code !== 0 && counts.failed === 0)
    failed(`every test passed, and vitest ended with ${code}: see its output`);
  return counts;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function count(results, errors, folder) {
  if (!results) return { passed: 0, failed: 0, skipped: 0, failures: [] };
  const broken = results.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken.length + errors.length,
    skipped: results.numPendingTests + results.numTodoTests,
    failures: [
      ...results.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter((test) => test.status === 'failed')
          .map((test) => failure(relative(folder, name), test.fullName, test.failureMessages.join('\n'))),
      ),
      ...broken.map(({ name, message }) => failure(relative(folder, name), '(does not load)', message)),
      ...errors.map(({ file, message }) =>
        failure(file && relative(folder, file), '(outside of its tests)', message),
      ),
    ],
  };
}

/** @returns {Failure} */
function failure(file, test, message) {
  const why = message.trim().split('\n').slice(0, 8);
  return { file, text: [`${file ?? '(no file)'}: ${test}`, ...why.map((line) => `    ${line}`)].join('\n') };
}
