import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { run } from '../../lib/cli/run.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const start = (given: readonly string[], { env, cwd }: Surroundings): ChildProcess =>
  spawn(process.execPath, [MAIN, ...given], {
    env: { PATH: process.env.PATH, ...env },
    ...(cwd ? { cwd } : {}),
  });

/** Runs the built command in a process of its own, as a shell does. */
export async function runCommand(
  given: readonly string[],
  surroundings: Surroundings = {},
): Promise<CommandResult> {
  const child = start(given, surroundings);
  child.stdin!.end(surroundings.stdin ?? '');
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** Runs a command inside this process, which saves the second in which a new process loads the packages. */
export async function runHere(given: readonly string[], databaseUrl: string): Promise<CommandResult> {
  vi.stubEnv('DATABASE_URL', databaseUrl);
  let stdout = '';
  let stderr = '';
  try {
    const code = await run(given, {
      out: (text) => void (stdout += text),
      err: (text) => void (stderr += text),
    });
    return { code, stdout, stderr };
  } finally {
    vi.unstubAllEnvs();
  }
}

/** A command that runs until it is told to stop. */
export interface RunningCommand {
  /**
   * Resolves to the next line of its standard output.
   * @throws Error if the command ends first
   */
  line(): Promise<string>;
  readonly ended: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
}

export function startCommand(given: readonly string[], surroundings: Surroundings = {}): RunningCommand {
  const child = start(given, surroundings);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const errors = text(child.stderr!);
  return {
    line: async () => {
      const { done, value } = await lines.next();
      if (done) throw new Error(`It has ended: ${await errors}`);
      return value;
    },
    ended: once(child, 'close').then(([code]) => code as number | null),
    signal: (name) => void child.kill(name),
  };
}
