import { spawn, spawnSync } from 'node:child_process';
import { haltIfEnding, onCleanUp } from './cleanup.mjs';
import { CommandFailure } from './report.mjs';

/**
 * Child processes that never outlive us.
 *
 * Each child gets a process group of its own, so that Ctrl+C in a terminal reaches only us: we stop the children in
 * order, each with one signal. Linux's setpriv makes the kernel end them if we are killed and can't stop them.
 */

const windows = process.platform === 'win32';
const guarded =
  process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true']).status === 0;

/**
 * Starts a process.
 *
 * @param {{ cwd?: string, env?: object, uid?: number, gid?: number, stdio?: any, stopSignal?: NodeJS.Signals,
 *   forceSignal?: NodeJS.Signals, graceMs?: number }} [options] `stopSignal` asks it to stop. It gets `forceSignal` if
 *   it still runs `graceMs` later, or if there is no time to ask.
 * @returns {{ child: import('node:child_process').ChildProcess, exited: Promise<{ code: number | null, signal: string |
 *   null, error?: Error }>, stop(): Promise<void> }} `exited` never rejects.
 */
export function start(command, args, options = {}) {
  const { stopSignal = 'SIGTERM', forceSignal = 'SIGKILL', graceMs = 5_000, ...spawnOptions } = options;
  const [file, ...rest] = guarded
    ? ['setpriv', '--pdeathsig', stopSignal.slice(3), '--', command, ...args]
    : [command, ...args];
  const child = spawn(file, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !windows,
    ...spawnOptions,
    env: { ...process.env, ...options.env },
  });

  const ended = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const signal = (name) => {
    if (ended()) return;
    try {
      if (windows) child.kill(name);
      else process.kill(-child.pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('close', (code, signalName) => resolve({ code, signal: signalName }));
  });
  const stop = async () => {
    signal(stopSignal);
    const force = setTimeout(() => signal(forceSignal), graceMs);
    await exited;
    clearTimeout(force);
  };
  const forget = onCleanUp(stop, () => signal(forceSignal));
  void exited.then(forget);
  return { child, exited, stop };
}

/**
 * Runs a command to its end and resolves to what it printed. `title` stands for it in the error.
 *
 * @throws {CommandFailure} with the output, when the command fails or can't be started
 */
export async function run(command, args, { title, ...options } = {}) {
  const { child, exited } = start(command, args, options);
  let output = '';
  const collect = (chunk) => {
    output += chunk;
  };
  child.stdout?.setEncoding('utf8').on('data', collect);
  child.stderr?.setEncoding('utf8').on('data', collect);
  const { code, signal, error } = await exited;
  await haltIfEnding();
  if (code === 0) return output;
  const why = error ? error.message : signal ? `ended by ${signal}` : `exit code ${code}`;
  throw new CommandFailure(`${title ?? [command, ...args].join(' ')}: ${why}`, output);
}

/** Runs the npm that started us, or the one in PATH. */
export function npm(args, options = {}) {
  const title = `npm ${args.join(' ')}`;
  const cli = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(cli)) return run(process.execPath, [cli, ...args], { ...options, title });
  return run('npm', args, { ...options, title, shell: windows });
}
