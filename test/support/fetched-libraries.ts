import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const { CACHE } = (await import(new URL('../../scripts/lib/cache.mjs', import.meta.url).href)) as {
  CACHE: string;
};

/** These are too large for devDependencies: Prisma alone is 250 MB. */
const PACKAGES = {
  '@mikro-orm/core': '6.6.16',
  '@mikro-orm/knex': '6.6.16',
  '@mikro-orm/postgresql': '6.6.16',
  '@prisma/adapter-mariadb': '^7.10.0',
  '@prisma/adapter-pg': '^7.10.0',
  '@prisma/client': '^7.10.0',
  knex: '^3.3.0',
  mysql2: '^3.24.0',
  pg: '^8.23.0',
  postgres: '^3.4.0',
  prisma: '^7.10.0',
};

/** The Prisma schema for the client in `generated/<provider>`. */
const schemaOf = (provider: string): string => `
generator client {
  provider = "prisma-client-js"
  output   = "./generated/${provider}"
}
datasource db {
  provider = "${provider}"
}
model Order {
  id     String @id @db.VarChar(40)
  status String @db.VarChar(40)
  @@map("orders")
}
`;

const key = createHash('sha256')
  .update(JSON.stringify([PACKAGES, schemaOf('')]))
  .digest('hex')
  .slice(0, 12);

/**
 * Loads the data layers that are no devDependency, and Prisma's generated clients, from the cache or from the
 * registry. The registry takes half a minute, once.
 * @returns a `require` for them, or the reason why they are missing
 */
export async function fetchedLibraries(): Promise<NodeJS.Require | string> {
  const folder = join(CACHE, `data-layers-${key}`);
  if (!existsSync(folder)) {
    const made = `${folder}-${process.pid}`;
    const problem = await fill(made);
    if (problem === undefined && !existsSync(folder)) renameSync(made, folder);
    rmSync(made, { recursive: true, force: true });
    if (problem !== undefined) return problem;
  }
  return createRequire(join(folder, 'package.json'));
}

async function fill(folder: string): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  const flags = ['--prefer-offline', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
  const run = (command: string, ...args: string[]): Promise<boolean> => {
    // The variables that `npm test` sets describe another package.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|npm_)/.test(name));
    const env = {
      ...Object.fromEntries(inherited),
      // Prisma would download this engine, which no client needs.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
    };
    return promisify(execFile)(command, args, { cwd: folder, env, timeout: 200_000 }).then(
      () => true,
      () => false,
    );
  };
  if (!(await run('npm', 'install', ...flags)))
    return 'npm can not get Prisma, Knex, postgres.js and MikroORM here.';
  for (const provider of ['postgresql', 'mysql']) {
    writeFileSync(join(folder, `${provider}.prisma`), schemaOf(provider));
    const args = ['node_modules/prisma/build/index.js', 'generate', '--schema', `${provider}.prisma`];
    if (!(await run(process.execPath, ...args))) return `Prisma can not generate a client for ${provider}.`;
  }
  return undefined;
}
