import { execFile } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const APPS = fileURLToPath(new URL('../package/apps/', import.meta.url));
const run = promisify(execFile);

/** An app as the Nest CLI of one version makes it, with the packed package installed. */
export interface MatrixApp {
  readonly home: string;
  /** Runs npm in its folder; gives what it printed, and throws with that. */
  npm(...words: string[]): Promise<string>;
  /** The same of a program of its packages. `npm exec` would take half a second more. */
  program(name: string, ...words: string[]): Promise<string>;
}

/** Copies the app's own files and those that all of them share, and runs `npm install`. */
export async function installMatrixApp(
  name: string,
  parent: string,
  tarball: string,
  variables: Readonly<Record<string, string>>,
): Promise<MatrixApp> {
  const home = join(parent, name);
  cpSync(join(APPS, 'shared'), home, { recursive: true });
  cpSync(join(APPS, name), home, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest;
  manifest.dependencies['nestjs-webhooks'] = `file:${tarball}`;
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
  if (manifest.type === 'module') nameFilesInImports(home);
  const npm = (...words: string[]): Promise<string> => runIn(home, variables, 'npm', words);
  const program = (name: string, ...words: string[]): Promise<string> =>
    runIn(home, variables, join(home, 'node_modules/.bin', name), words);
  await npm('install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock');
  return { home, npm, program };
}

interface Manifest {
  type?: 'module';
  dependencies: Record<string, string>;
}

/** ES modules import files by their whole names, which Jest under CommonJS would not find. */
function nameFilesInImports(home: string): void {
  const sources = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(home, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(home, folder, file),
    ),
  );
  for (const source of sources.filter((file) => file.endsWith('.ts'))) {
    const text = readFileSync(source, 'utf8');
    writeFileSync(source, text.replace(/(from '\.[^']*)'/g, "$1.js'"));
  }
}

/** Without what this test run has put into the environment: the app's own runner would take it for its own. */
async function runIn(
  cwd: string,
  variables: Readonly<Record<string, string>>,
  file: string,
  words: readonly string[],
): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|npm_)/.test(name));
  const env = { ...Object.fromEntries(inherited), NO_COLOR: '1', ...variables };
  const options = { cwd, env, maxBuffer: 32 * 1024 * 1024, shell: process.platform === 'win32' };
  try {
    const { stdout, stderr } = await run(file, words, options);
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${file} ${words.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
