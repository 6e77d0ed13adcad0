import { execFile, fork, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** The files besides the packed ones that `prepack` needs to build in a copy of the checkout. */
const PACK_SOURCES = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts', 'lib', 'docs'];

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'webhooks-packed-'));

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

export interface PackedPackage {
  readonly tarball: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
}

/**
 * Runs `npm pack` with its build in a copy, because other tests import the `dist` of the checkout meanwhile.
 */
export async function buildAndPack(folder: string): Promise<PackedPackage> {
  const copy = join(folder, 'package');
  mkdirSync(copy);
  const published = readdirSync(ROOT).filter((name) => /\.md$|^LICENSE$/.test(name));
  for (const name of [...PACK_SOURCES, ...published])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  return pack(copy, folder);
}

/** Runs `npm pack` on the output that is already built. */
export const packBuilt = (folder: string): Promise<PackedPackage> => pack(ROOT, folder, '--ignore-scripts');

async function pack(from: string, folder: string, ...options: string[]): Promise<PackedPackage> {
  const { stdout } = await npm(from, 'pack', '--json', '--pack-destination', folder, ...options);
  // The output of the build comes first.
  const report = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as
    PackReport[] | Record<string, PackReport>;
  const [{ filename, files }] = Object.values(report) as [PackReport];
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

interface PackReport {
  filename: string;
  files: { path: string }[];
}

export interface AppManifest {
  readonly type: 'commonjs' | 'module';
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Writes an app and installs its dependencies, from npm's cache if possible. */
export async function installApp(
  folder: string,
  { type, dependencies }: AppManifest,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'app', version: '0.0.0', private: true, type, dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  await npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock');
}

/** TypeScript 6 or 7, as installed in the project. */
export type Compiler = 'typescript' | 'typescript-7';

/** Compiles the app by its `tsconfig.json` and returns the errors. It writes the output despite errors. */
export async function compile(folder: string, compiler: Compiler): Promise<string[]> {
  const tsc = join(ROOT, 'node_modules', compiler, 'bin/tsc');
  const output = await run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: folder }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
  return output.split('\n').filter((line) => /error TS\d+/.test(line));
}

/** An app in a process of its own. */
export interface RunningProcess {
  /** Its first message. */
  readonly hello: { readonly url: string };
  readonly output: () => string;
  /** Sends it a message, and resolves to the response. */
  ask(message: string): Promise<unknown>;
  /** Sends SIGTERM. Resolves when the process has ended, to its exit code and signal. */
  terminate(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a file of the app and waits for its first message. */
export async function startApp(file: string, env: Readonly<Record<string, string>>): Promise<RunningProcess> {
  const child = fork(file, {
    cwd: dirname(file),
    env: { PATH: process.env.PATH, ...env },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const exited = exitOf(child);
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk) => (output += String(chunk)));
  const hello = await Promise.race([
    new Promise<{ url: string }>((resolve) => child.once('message', (message) => resolve(message as never))),
    exited.then(({ code }) => {
      throw new Error(`The app ended with ${code} before it had started:\n${output}`);
    }),
  ]);
  return {
    hello,
    output: () => output,
    ask: (message) =>
      new Promise((resolve) => {
        child.once('message', resolve);
        child.send(message);
      }),
    terminate: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

type Exit = Awaited<ReturnType<RunningProcess['terminate']>>;

/** Resolves when the process has ended and its output was read. */
const exitOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));

async function npm(cwd: string, ...args: string[]): Promise<{ stdout: string }> {
  return run('npm', args, { cwd, maxBuffer: 32 * 1024 * 1024, shell: process.platform === 'win32' });
}
