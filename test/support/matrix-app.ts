import { execFile } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const APPS = fileURLToPath(new URL('../package/apps/', import.meta.url));
const run = promisify(execFile);

/** An app as one version of the Nest CLI creates it, with the packed package installed. */
export interface MatrixApp {
  readonly home: string;
  /** Runs npm in the app's folder. Returns the output, and throws an error with it if npm fails. */
  npm(...words: string[]): Promise<string>;
  /** Runs a program of the app's packages in the same way. `npm exec` would take half a second more. */
  program(name: string, ...words: string[]): Promise<string>;
}

/** Copies the app's own files and those that all apps share, and runs `npm install`. */
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

/** Adds `.js` to relative imports, which ES modules need. Jest under CommonJS would not find such files. */
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

/** Removes the variables of this test run, which the app's own test runner would take for its own. */
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
