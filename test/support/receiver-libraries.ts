import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { librariesOf } from './snippet-folder.js';

/** What receivers of others' webhooks verify with. Kept from run to run: with what they need, they are 80 MB. */
const PACKAGES = {
  '@octokit/webhooks-methods': '6.0.0',
  '@slack/bolt': '5.1.0',
  '@shopify/shopify-api': '15.0.0',
  stripe: '23.1.0',
  'http-message-signatures': '1.0.6',
  jose: '6.2.17',
  '@noble/ed25519': '3.2.0',
} as const;

const FOLDER = librariesOf('receivers-npm');

/** Gets the libraries; gives why it can't. */
export function getReceiverLibraries(): string | undefined {
  const isThere = (): boolean =>
    Object.keys(PACKAGES).every((name) => existsSync(join(FOLDER, 'node_modules', name, 'package.json')));
  if (isThere()) return undefined;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  spawnSync('npm', args, { cwd: FOLDER, stdio: 'ignore', timeout: 200_000 });
  return isThere() ? undefined : 'npm can not get the libraries of receivers.';
}

/** A library as a receiver gets it. */
export const receiverLibrary = <Library>(
  name: keyof typeof PACKAGES | `${keyof typeof PACKAGES}/${string}`,
): Library => createRequire(join(FOLDER, 'index.js'))(name) as Library;

/** A file of a library that is an ES module alone. */
export const receiverModule = async <Library>(file: `${keyof typeof PACKAGES}/${string}`): Promise<Library> =>
  (await import(pathToFileURL(join(FOLDER, 'node_modules', file)).href)) as Library;
