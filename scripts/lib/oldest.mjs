import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onCleanUp } from './cleanup.mjs';
import { npm } from './processes.mjs';
import { root } from './root.mjs';

/** The oldest supported versions: an app that was made in 2023 and never updated has them. */
const OLDEST = {
  '@nestjs/bull': '^10',
  '@nestjs/bullmq': '^10',
  '@nestjs/common': '^10',
  '@nestjs/core': '^10',
  '@nestjs/event-emitter': '^2',
  '@nestjs/microservices': '^10',
  '@nestjs/platform-express': '^10',
  '@nestjs/platform-fastify': '^10',
  '@nestjs/schedule': '^4',
  '@nestjs/testing': '^10',
  '@nestjs/typeorm': '^10',
  bull: '^4.16.0',
  bullmq: '^5.0.0',
  'class-transformer': '^0.5.1',
  'class-validator': '^0.14.0',
  'reflect-metadata': '^0.2.0',
  rxjs: '^7.8.0',
  typeorm: '0.3.20',
};

/** The files that the tests import or read. */
const COPIED = [
  'dist',
  'docs',
  'lib',
  'sample-app',
  'test',
  'tsconfig.json',
  'vitest.config.mts',
  'README.md',
];

/**
 * Copies the sources and tests into a folder, installs the oldest supported packages there, and links all other packages
 * from node_modules. The package must be built.
 *
 * @returns {Promise<{ name: string, folder: string, remove(): void }>}
 * @throws {CommandFailure} when npm can't install them
 */
export async function provideOldest() {
  const folder = mkdtempSync(join(tmpdir(), 'nestjs-webhooks-oldest-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const forget = onCleanUp(async () => removeFolder(), removeFolder);
  const manifest = { name: 'oldest', version: '0.0.0', private: true, dependencies: OLDEST };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await npm(['install', ...options], { cwd: folder });
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of packagesIn(join(root, 'node_modules'))) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), path, 'junction');
  }
  const remove = () => {
    removeFolder();
    forget();
  };
  return { name: 'Nest 10 and TypeORM 0.3.20', folder, remove };
}

function packagesIn(folder) {
  return readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((scoped) => `${name}/${scoped}`) : [name],
  );
}
