import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser, type TestBrowser } from '../support/browser.js';
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

/** Starts what the README shows, on a free port. */
const MAIN = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(0);
process.send!({ url: await app.getUrl() });
`;

describe('The quick start of the README', () => {
  const folder = temporaryFolder();
  let errors: string[];
  let app: RunningProcess;
  let receiver: ChildProcess;
  let browser: TestBrowser;
  let received = '';
  const ports = { app: '', receiver: '' };

  /** A command of the README, with the ports that are free here. */
  const command = (pattern: RegExp): string =>
    pattern
      .exec(readFileSync(new URL('README.md', ROOT), 'utf8'))![0]
      .replaceAll('localhost:3000', `localhost:${ports.app}`)
      .replaceAll('4000', ports.receiver);
  const shell = async (line: string): Promise<string> =>
    (await promisify(execFile)('sh', ['-c', line.replace(/^curl/, 'curl -sS')], { cwd: folder })).stdout;

  beforeAll(async () => {
    linkPackages(folder);
    symlinkSync(fileURLToPath(ROOT), join(folder, 'node_modules/nestjs-webhooks'), 'junction');
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    writeFileSync(join(folder, 'main.ts'), MAIN);
    for (const { file, code } of namedBlocks(new URL('README.md', ROOT)))
      writeFileSync(join(folder, file), code);
    errors = await compile(folder, 'typescript-7');
    app = await startApp(join(folder, 'out/main.js'), {});
    ports.app = new URL(app.hello.url).port;
    ports.receiver = String(await freePort());
    receiver = spawn('sh', ['-c', `exec ${command(/^node -e .*/m)}`], { cwd: folder });
    receiver.stdout!.on('data', (chunk) => (received += String(chunk)));
    browser = await openBrowser();
    // A first attempt before that would be retried after the test.
    await vi.waitFor(async () => expect(await accepts(Number(ports.receiver))).toBe(true), 10_000);
    expect(receiver.exitCode, 'the receiver has ended').toBeNull();
  });

  afterAll(async () => {
    await browser?.stop();
    receiver?.kill();
    await app?.terminate();
    removeFolder(folder);
  });

  it('compiles as it stands', () => {
    expect(errors).toEqual([]);
  });

  it('registers the receiver’s URL, publishes a post, and receives it', async () => {
    const registered = JSON.parse(await shell(command(/^curl localhost[\s\S]*?-d '[^']+'/m))) as object;
    expect(registered).toMatchObject({ secret: expect.stringMatching(/^whsec_/), active: true });
    expect(JSON.parse(await shell(command(/^curl -X POST .*/m)))).toMatchObject({ post_id: 'p1' });
    await expect.poll(() => received, { timeout: 10_000 }).toContain('"event_type":"post.published"');
    expect(received).toContain('"post_id":"p1"');
  });

  it('shows the delivery in the dashboard', async () => {
    const page = await browser.page();
    await page.goto(command(/http:\/\/localhost:3000\/webhooks\/dashboard/));
    await page.getByText('My first webhook').first().click();
    await page.getByRole('link', { name: 'Deliveries' }).click();
    const delivery = page.getByRole('row').filter({ hasText: 'post.published' });
    await delivery.getByText('Succeeded').waitFor();
    expect(browser.problems).toEqual([]);
  });
});

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, 'localhost');
  const connected = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return connected;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('The README is at most 150 lines', () => {
  expect(readFileSync(new URL('README.md', ROOT), 'utf8').split('\n').length).toBeLessThanOrEqual(151);
});
