import { constants } from 'node:os';

/**
 * Clean-up tasks that run before the process ends, however it ends. The last added runs first.
 *
 * On SIGINT, SIGTERM or SIGHUP the tasks run and the process exits with 128 + the signal's number, or with the code
 * given to `exitCodeOnSignal`. A second Ctrl+C, and any exit that leaves tasks behind, runs their short form.
 */

/** npm forwards the signal that the terminal has already sent to us, so one Ctrl+C arrives twice. */
const SAME_SIGNAL_MS = 1_000;

const tasks = [];
let running;
let codeOnSignal;

/**
 * Adds a task and returns a function that removes it.
 *
 * @param {() => Promise<void>} thorough
 * @param {() => void} [short] synchronous, for when there is no time left
 */
export function onCleanUp(thorough, short = () => {}) {
  const task = { thorough, short };
  tasks.push(task);
  return () => remove(task);
}

/** Runs every task; resolves when all are done. */
export function cleanUp() {
  running ??= (async () => {
    for (let task = tasks.at(-1); task; task = tasks.at(-1)) {
      await task.thorough().catch((error) => console.error(error));
      remove(task);
    }
  })();
  return running;
}

/** Never resolves once the clean-up runs: the process is about to end, so the caller must not continue. */
export async function haltIfEnding() {
  if (running) await new Promise(() => {});
}

export function exitCodeOnSignal(code) {
  codeOnSignal = code;
}

function remove(task) {
  const index = tasks.indexOf(task);
  if (index >= 0) tasks.splice(index, 1);
}

let firstSignalAt;

function end(signal) {
  const code = codeOnSignal ?? 128 + constants.signals[signal];
  if (firstSignalAt !== undefined) {
    if (performance.now() - firstSignalAt > SAME_SIGNAL_MS) process.exit(code);
    return;
  }
  firstSignalAt = performance.now();
  console.error(`\n${signal}: stopping`);
  void cleanUp().then(() => process.exit(code));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));

// npm runs us in a shell and sends a signal only to that shell, which dies without passing it on.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end('SIGTERM');
  }, 250);
  watch.unref();
}

process.on('exit', () => {
  while (tasks.length > 0) tasks.pop().short();
});
