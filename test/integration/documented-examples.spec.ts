import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCS = join(ROOT, 'docs');
const TSC = join(ROOT, 'node_modules/typescript-7/bin/tsc');

/** What the examples take for granted of the reader's app. */
const READERS_APP = `
import type { CanActivate } from '@nestjs/common';
declare global {
  class AuthGuard implements CanActivate { canActivate(): boolean }
  class AdminGuard implements CanActivate { canActivate(): boolean }
  class AuthModule {}
  class AppModule {}
  class Post { id: string; accountId: string; url: string; hidden: boolean; status?: string }
  interface AuthenticatedRequest { user: { accountId: string; email: string } }
  interface Report { id: string; accountId: string }
  interface Follower { handle: string; accountId: string }
  interface PostPublished { post_id: string }
  const rawBody: Buffer;
  const secret: string;
  const request: { headers: Record<string, string | undefined> };
  const fetchRequest: { headers: Headers };
}
`;
const VERIFY = `
declare module '@/verify' {
  export function verify(secret: string | undefined, headers: object, body?: string | Buffer): boolean;
}
`;
const NESTJS_CONFIG = `
declare module '@nestjs/config' {
  export class ConfigService { getOrThrow<T>(name: string): T }
}
`;

/** Packages that are not installed here, as far as the examples use them. */
const OTHER_LIBRARIES = {
  pg: `export interface PoolClient {
      query(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
      release(): void;
    }
    export interface Pool { connect(): Promise<PoolClient> }`,
  '@prisma/client': `interface Client {
      order: { update(input: object): Promise<object> };
      $queryRawUnsafe<Rows = unknown>(sql: string, ...values: unknown[]): Promise<Rows>;
      $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
    }
    export namespace Prisma { type TransactionClient = Client }
    export interface PrismaClient extends Client {
      $transaction(work: (tx: Client) => Promise<void>): Promise<void>;
    }`,
  knex: `export namespace Knex {
      interface Transaction { raw(sql: string, bindings: never): Promise<{ rows: object[] } & [object[]]> }
    }`,
  postgres: `export interface TransactionSql { unsafe(sql: string, values: never): Promise<object[]> }`,
  '@mikro-orm/postgresql': `export interface EntityManager { execute(sql: string, values: unknown[]): Promise<object[]> }`,
};

const examples = new Map<string, string>();
const pages = readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.md') && !name.startsWith('reference/api/'),
);
for (const file of pages) {
  const blocks = readFileSync(join(DOCS, file), 'utf8').matchAll(/\n```ts\n([\s\S]*?)\n```/g);
  for (const [index, block] of [...blocks].entries()) {
    // A module of its own, so that names of one example are not known in another.
    examples.set(`${file.replaceAll('/', '-')}.${index + 1}.ts`, `${block[1]}\nexport {};\n`);
  }
}

/** By the native compiler, which takes a third of the time: in a folder from where it finds the package and its peers. */
function problemsOf(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(ROOT, '.examples-'));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false };
    const config = {
      extends: '../tsconfig.json',
      compilerOptions,
      include: ['*.ts', '../lib/**/*.d.ts'],
      exclude: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout, stderr } = spawnSync(process.execPath, [TSC, '-p', folder], { encoding: 'utf8' });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the TypeScript examples of the documentation', () => {
  it('are there, and compile against the package', { timeout: 120_000 }, () => {
    expect(examples.size).toBeGreaterThan(40);
    const given = [
      ['readers-app.d.ts', READERS_APP],
      ['nestjs-config.d.ts', NESTJS_CONFIG],
      ['verify-alias.d.ts', VERIFY],
      ['verify.d.ts', "export { verify } from '@/verify';"],
      ['app.module.d.ts', 'export class AppModule {}'],
      ...Object.entries(OTHER_LIBRARIES).map(
        ([name, text]) =>
          [`${name.replaceAll(/\W/g, '-')}.d.ts`, `declare module '${name}' {\n${text}\n}`] as const,
      ),
    ] as const;
    const problems = problemsOf(new Map([...examples, ...given]));
    expect(problems).toBe('');
  });
});
