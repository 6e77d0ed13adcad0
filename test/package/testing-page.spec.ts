import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkPackage, linkPackages } from '../support/linked-packages.js';
import {
  installApp,
  pack,
  removeFolder,
  temporaryFolder,
  type PackedPackage,
} from '../support/packed-app.js';
import { namedBlocks } from '../support/readme.js';
import { JEST_FILES, VITEST_FILES, runJest, runVitest } from '../support/test-runners.js';

const INSTALL_MS = 300_000;
const RUN_MS = 240_000;

/** The commonest app there is: what `nest new` of Nest 11 makes, with TypeORM 0.3. */
const NEST_11 = {
  '@nestjs/common': '^11.0.0',
  '@nestjs/core': '^11.0.0',
  '@nestjs/platform-express': '^11.0.0',
  '@nestjs/testing': '^11.0.0',
  '@nestjs/event-emitter': '^3.0.0',
  '@nestjs/typeorm': '^11.0.0',
  '@types/jest': '^30.0.0',
  '@types/node': '^20.19.0',
  'class-transformer': '^0.5.1',
  'class-validator': '^0.14.0',
  jest: '^30.0.0',
  'reflect-metadata': '^0.2.2',
  rxjs: '^7.8.1',
  'ts-jest': '^29.4.0',
  typeorm: '^0.3.20',
  typescript: '^5.7.3',
};

const blocks = namedBlocks(new URL('../../docs/testing.md', import.meta.url));
const names = blocks.flatMap(({ code }) => {
  const [, group] = /describe\('(.+?)'/.exec(code) ?? [];
  return [...code.matchAll(/^ {2}it\('(.+?)'/gm)].map(([, name]) => `${group} ${name}`);
});

const folder = temporaryFolder();
let packed: PackedPackage;

beforeAll(async () => {
  packed = await pack(folder);
}, INSTALL_MS);

afterAll(() => removeFolder(folder), INSTALL_MS);

describe('Every example of docs/testing.md', () => {
  it('is there', () => {
    expect(blocks.filter(({ file }) => /[.-]spec\.ts$/.test(file))).toHaveLength(5);
    expect(names.length).toBeGreaterThanOrEqual(12);
  });

  it('passes in a Nest 12 app of ES modules, in Vitest', { timeout: RUN_MS }, async () => {
    const app = join(folder, 'vitest-app');
    mkdirSync(app);
    linkPackages(app);
    const home = join(app, 'node_modules/nestjs-webhooks');
    mkdirSync(home);
    execFileSync('tar', ['-xzf', packed.tarball, '-C', home, '--strip-components=1']);
    const files = { ...VITEST_FILES, 'package.json': JSON.stringify({ type: 'module' }) };
    for (const [file, text] of Object.entries(files)) writeFileSync(join(app, file), text);
    for (const { file, code } of blocks) writeFileSync(join(app, file), asEsModule(code));
    const { passed, failed, output } = await runVitest(app);
    expect(failed).toEqual([]);
    expect([...passed].sort(), output).toEqual([...names].sort());
  });

  it(
    'passes in a Nest 11 app in CommonJS with TypeORM 0.3, in Jest',
    { timeout: INSTALL_MS + RUN_MS },
    async () => {
      const app = join(folder, 'jest-app');
      const dependencies = { ...NEST_11, 'nestjs-webhooks': `file:${packed.tarball}` };
      await installApp(app, { type: 'commonjs', dependencies }, JEST_FILES);
      linkPackage(app, 'better-sqlite3');
      for (const { file, code } of blocks) writeFileSync(join(app, file), code);
      const { passed, failed, output } = await runJest(app);
      expect(failed).toEqual([]);
      expect([...passed].sort(), output).toEqual([...names].sort());
      // Jest says so where something still runs after the last test.
      expect(output).not.toMatch(/did not exit|open handle|failed to exit/i);
    },
  );
});

/** As the page says: `.js` behind relative imports. */
const asEsModule = (code: string): string => code.replace(/from '(\.\/[^']+)'/g, "from '$1.js'");
