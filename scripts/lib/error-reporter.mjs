import { writeFileSync } from 'node:fs';

/** Writes errors outside of tests to the file that ERROR_REPORT names, because vitest's JSON report leaves them out. */
export default class ErrorReporter {
  onTestRunEnd(_modules, unhandledErrors) {
    const errors = unhandledErrors.map((error) => ({
      file: error.VITEST_TEST_PATH,
      message: error.stack || `${error.name}: ${error.message}`,
    }));
    writeFileSync(process.env.ERROR_REPORT, JSON.stringify(errors));
  }
}
