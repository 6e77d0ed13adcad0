import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkPackages } from '../support/linked-packages.js';
import {
  compile,
  removeFolder,
  startApp,
  temporaryFolder,
  type RunningProcess,
} from '../support/packed-app.js';
import { namedBlocks } from '../support/readme.js';

const ROOT = new URL('../../', import.meta.url);

/** What `nest new` writes, as far as it matters. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strictNullChecks: true,
    noImplicitAny: false,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'out',
  },
};

/** Starts what the README shows, and does what the reader's own code would do. */
const MAIN = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule, PostsService } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(0, '127.0.0.1');
process.on('message', (id: string) => void app.get(PostsService).publish(id, 'acme').then((post) => process.send!(post)));
process.send!({ url: await app.getUrl() });
`;

describe('The app of the README', () => {
  const folder = temporaryFolder();
  let errors: string[];
  let app: RunningProcess;

  const ask = async (path: string, init: RequestInit = {}): Promise<{ status: number; body: never }> => {
    const headers = { 'x-api-key': 'key-of-acme', 'content-type': 'application/json', ...init.headers };
    const answer = await fetch(`${app.hello.url}${path}`, { ...init, headers });
    return { status: answer.status, body: (await answer.json()) as never };
  };

  beforeAll(async () => {
    linkPackages(folder);
    symlinkSync(fileURLToPath(ROOT), join(folder, 'node_modules/nestjs-webhooks'), 'junction');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    writeFileSync(join(folder, 'main.ts'), MAIN);
    for (const { file, code } of namedBlocks(new URL('README.md', ROOT)))
      writeFileSync(join(folder, file), code);
    errors = await compile(folder);
    app = await startApp(join(folder, 'out/main.js'), {});
  });

  afterAll(async () => {
    await app?.terminate();
    removeFolder(folder);
  });

  it('compiles as it stands', () => {
    expect(errors).toEqual([]);
  });

  it('keeps strangers out and lets the customer in', async () => {
    expect((await ask('/webhooks', { headers: { 'x-api-key': 'guessed' } })).status).toBe(403);
    expect(await ask('/webhooks')).toMatchObject({ status: 200, body: { data: [] } });
  });

  it('emits an event for the tenant whose post was published', async () => {
    await app.ask('p1');
    const { body } = await ask('/webhooks/events');
    expect(body).toMatchObject({ data: [{ type: 'post.published' }] });
  });

  it('registers the webhook of the README’s request', async () => {
    const readme = readFileSync(new URL('README.md', ROOT), 'utf8');
    const request = /^curl [\s\S]*?-d '(?<body>[^']+)'/m.exec(readme)!.groups!.body!;
    const { status, body } = await ask('/webhooks', { method: 'POST', body: request });
    expect(status).toBe(201);
    expect(body).toMatchObject({ secret: expect.stringMatching(/^whsec_/), active: true });
  });
});
