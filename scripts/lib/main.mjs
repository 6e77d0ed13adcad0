import { cleanUp } from './cleanup.mjs';
import { requireNode } from './install.mjs';
import { tell } from './report.mjs';

/** Runs a command to its exit code: checks Node.js first, reports errors, and leaves no process running. */
export async function main(work) {
  try {
    requireNode();
    process.exitCode = await work();
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
  await cleanUp();
}
