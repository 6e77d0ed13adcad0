import { resolve } from 'node:path';
import { isProgram } from './find.mjs';
import { run } from './processes.mjs';
import { CommandFailure, step } from './report.mjs';

/**
 * Asks each program of `chooseSources` for its version, to know that it runs: Ubuntu's `chromium-browser` only prints that
 * it is not installed.
 *
 * @returns {Promise<Record<string, string>>} the full path of each, under the name of its environment variable
 * @throws {CommandFailure} when one does not run
 */
export async function checkPrograms(sources) {
  const env = {};
  for (const { kind, named, programs, from } of sources) {
    const path = named ? resolve(named) : programs.main;
    await step(`${kind.name} (${from})`, () => version(kind, path));
    env[kind.variable] = path;
  }
  return env;
}

async function version({ name, variable, versionArgs }, path) {
  const advice = `Name ${name} in ${variable}, as the path of a program that runs.`;
  if (!isProgram(path)) throw new CommandFailure(`${path} is not a program. ${advice}`);
  try {
    const output = await run(path, versionArgs);
    return /\d+(\.\d+)+/.exec(output)?.[0];
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new CommandFailure(`${error.message}. ${advice}`, error.output);
  }
}
