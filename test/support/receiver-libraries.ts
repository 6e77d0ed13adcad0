import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { librariesOf } from './snippet-folder.js';

/**
 * Libraries with which receivers verify other webhooks. The cache keeps them, because they take 80 MB with
 * their dependencies.
 */
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

/** Installs the libraries. Returns the reason if that fails. */
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

/** Loads a library as a receiver does. */
export const receiverLibrary = <Library>(
  name: keyof typeof PACKAGES | `${keyof typeof PACKAGES}/${string}`,
): Library => createRequire(join(FOLDER, 'index.js'))(name) as Library;

/** Loads a file of a library that contains only ES modules. */
export const receiverModule = async <Library>(file: `${keyof typeof PACKAGES}/${string}`): Promise<Library> =>
  (await import(pathToFileURL(join(FOLDER, 'node_modules', file)).href)) as Library;
