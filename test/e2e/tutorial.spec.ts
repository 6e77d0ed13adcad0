import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { linkPackages } from '../support/linked-packages.js';
import { compile, removeFolder, temporaryFolder } from '../support/packed-app.js';
import { namedBlocksOf } from '../support/readme.js';
import { redisFor } from '../support/redis.js';

const ROOT = new URL('../../', import.meta.url);
const PAGE = readFileSync(new URL('docs/tutorial/index.md', ROOT), 'utf8');

/** What `nest new` writes, as far as it matters. */
const CLI_FILES = {
  'package.json': JSON.stringify({ type: 'module' }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2023',
      module: 'nodenext',
      types: ['node'],
      strict: true,
      strictPropertyInitialization: false,
      isolatedModules: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      skipLibCheck: true,
      rootDir: 'src',
      outDir: 'dist',
      incremental: true,
    },
    include: ['src'],
  }),
  'src/main.ts': `
    import { NestFactory } from '@nestjs/core';
    import { AppModule } from './app.module.js';

    async function bootstrap() {
      const app = await NestFactory.create(AppModule);
      await app.listen(process.env.PORT ?? 3000);
    }
    bootstrap();
  `,
};

/** The steps go on where the one before has ended, as the reader does. */
describe('The tutorial', () => {
  const folder = temporaryFolder();
  const ports = { app: '', receiver: '' };
  let database: TestDatabase;
  let env: Record<string, string>;
  let secret = '';
  const running = new Set<Program>();
  let app: Program;
  let receiver: Program;

  const textOf = (step: number): string => PAGE.split(/^## (?=\d+\. )/m)[step]!;

  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text.replaceAll('4000', ports.receiver));
  };
  const build = async (...steps: number[]): Promise<void> => {
    for (const { file, code } of steps.flatMap((step) => namedBlocksOf(textOf(step)))) write(file, code);
    expect(await compile(folder, 'typescript-7')).toEqual([]);
  };

  const start = (file: string, ...words: string[]): Program => {
    const program = new Program(
      spawn(process.execPath, [file, ...words], {
        cwd: folder,
        env: { PATH: process.env.PATH, PORT: ports.app, WEBHOOK_SECRET: secret, ...env },
      }),
    );
    running.add(program);
    return program;
  };
  const restartApp = async (): Promise<void> => {
    await app?.stop();
    app = start('dist/main.js');
    await app.says('Nest application successfully started');
  };
  const restartReceiver = async (...words: string[]): Promise<void> => {
    await receiver?.stop();
    receiver = start('receiver.mjs', ...words);
    await expect.poll(() => reaches(ports.receiver)).toBe(true);
  };

  /** The answers to the requests of a step, in their order. */
  const requests = async (step: number): Promise<string[]> => {
    const answers: string[] = [];
    for (const command of textOf(step)
      .replaceAll('\\\n', '')
      .match(/^curl .*/gm)!)
      answers.push(await curl(command));
    return answers;
  };
  const curl = async (command: string): Promise<string> => {
    const line = command
      .replace('curl', 'curl -sS')
      .replace('localhost:3000', `localhost:${ports.app}`)
      .replace('localhost:4000', `localhost:${ports.receiver}`);
    return (await promisify(execFile)('sh', ['-c', line])).stdout;
  };
  const page = (path: string, account?: string): Promise<Response> =>
    fetch(`http://localhost:${ports.app}${path}`, {
      headers: account ? { authorization: `Basic ${btoa(`${account}:${account}-key`)}` } : {},
    });

  const blockOf = (file: string): string => PAGE.split(` ${file}\n`)[1]!.split('```')[0]!;

  /** As `COPY` of a Dockerfile does, with its `.dockerignore`. */
  const copyTo = (image: string, source: string, ignored: string[]): void => {
    const sources = readdirSync(folder).filter(
      (name) => name !== 'image' && (source === '.' || fits(name, source)),
    );
    for (const name of sources.filter((one) => !ignored.some((pattern) => fits(one, pattern))))
      cpSync(join(folder, name), join(image, name), { recursive: true });
  };

  beforeAll(async () => {
    database = await createDatabase('postgres');
    [ports.app, ports.receiver] = [await freePort(), await freePort()];
    env = {
      DATABASE_URL: String('url' in database.options && database.options.url),
      REDIS_URL: redisFor().redis,
      WEBHOOKS_KEY: Buffer.alloc(32, 1).toString('base64'),
    };
    linkPackages(folder);
    symlinkSync(fileURLToPath(ROOT), join(folder, 'node_modules/nestjs-webhooks'), 'junction');
    for (const [file, text] of Object.entries(CLI_FILES)) write(file, text);
  });

  afterAll(async () => {
    for (const program of running) await program.stop();
    await database?.drop();
    removeFolder(folder);
  });

  it('2. has an event arrive', async () => {
    await build(2);
    await restartApp();
    await restartReceiver();
    await requests(2);
    await receiver.says('attempt 1: {"id":"evt_');
    await receiver.says('"data":{"order_id":"o1","total":30}}');
  });

  it('3. gives each customer webhooks of its own', async () => {
    await build(3);
    await restartApp();
    const [registered, , , ofGlobex] = await requests(3);
    ({ secret } = JSON.parse(registered!) as { secret: string });
    expect(JSON.parse(ofGlobex!)).toMatchObject({ data: [] });
    await receiver.says('"o2"');
    expect(receiver.output()).not.toContain('"o3"');
    expect((await page('/webhooks')).status).toBe(401);
  });

  it('4. shows the dashboard to who has signed in', async () => {
    expect((await page('/webhooks/dashboard')).headers.get('www-authenticate')).toContain('Basic');
    expect(await (await page('/webhooks/dashboard', 'acme')).text()).toContain('<webhooks-dashboard');
  });

  it('5. verifies the signature', async () => {
    for (const { file, code } of namedBlocksOf(textOf(5))) write(file, code);
    const right = secret;
    secret = `whsec_${Buffer.alloc(24).toString('base64')}`;
    await restartReceiver();
    await curl('curl -u acme:acme-key -X POST localhost:3000/orders/o4/pay');
    await receiver.says('refused: ');
    secret = right;
    await restartReceiver();
    await curl('curl -u acme:acme-key -X POST localhost:3000/orders/o4/pay');
    await receiver.says('attempt 1: order.paid {"order_id":"o4","total":30}');
    expect(await (await page('/webhooks/guide', 'acme')).text()).toContain('order.paid');
  });

  it('6. emits in the transaction', async () => {
    await build(6);
    await restartApp();
    const [paid, refused] = await requests(6);
    expect(JSON.parse(paid!)).toEqual({ id: 'o5', account: 'acme', total: 30 });
    expect(JSON.parse(refused!)).toMatchObject({ statusCode: 400 });
    await receiver.says('"o5"');
    const found = async (text: string): Promise<unknown> =>
      (await page(`/webhooks/deliveries?search=${text}`, 'acme')).json();
    expect(await found('"o5"')).toMatchObject({ data: [{ eventType: 'order.paid' }] });
    expect(await found('"o6"')).toMatchObject({ data: [] });
  });

  it('7. moves to PostgreSQL by migrations', async () => {
    await build(7);
    await app.stop();
    app = start('dist/main.js');
    await app.says('webhooks/schema-behind');
    const [, words] = /^npx typeorm (.*)/m.exec(textOf(7))!;
    const migrate = start('node_modules/typeorm/cli.js', ...words!.split(' '));
    await migrate.ended();
    expect(migrate.output()).toContain('CreateOrders1767225600000');
    await restartApp();
    const [registered] = await requests(3);
    ({ secret } = JSON.parse(registered!) as { secret: string });
  });

  it('8. retries what failed', async () => {
    await build(8);
    const webhooks = readFileSync(join(folder, 'src/webhooks.ts'), 'utf8');
    write('src/webhooks.ts', webhooks.replace("'5s', '30s', '1m'", "'500ms', '2s', '3s'"));
    expect(await compile(folder, 'typescript-7')).toEqual([]);
    await restartApp();
    await restartReceiver('500');
    const [, newest] = await requests(8);
    expect(JSON.parse(newest!)).toMatchObject({ data: [{ status: 'pending' }] });
    await receiver.says('attempt 2: order.paid {"order_id":"o7"');
    await restartReceiver();
    await receiver.says('attempt 3: order.paid {"order_id":"o7"');
    await expect
      .poll(async () => (await page('/webhooks/deliveries?limit=1', 'acme')).json())
      .toMatchObject({ data: [{ status: 'succeeded', attemptCount: 3 }] });
  });

  it('9 and 10. delivers with a worker of its own, and says whether it does', async () => {
    await build(9, 10);
    await restartApp();
    const worker = start('dist/worker.js');
    await expect.poll(async () => (await page('/health')).status, { timeout: 10_000 }).toBe(200);
    const [, health, metrics] = await requests(10);
    expect(JSON.parse(health!)).toMatchObject({ status: 'up' });
    expect(metrics).toContain('nestjs_webhooks_events_emitted_total{result="stored"} 1');
    await receiver.says('"o8"');
    await worker.stop();
    expect(await (await page('/health')).text()).toContain('No worker');
  });

  it('11. deploys what was run', () => {
    const commands = [...textOf(11).matchAll(/^ +command: (.*)/gm)].map(([, command]) => command);
    expect(commands).toEqual(
      expect.arrayContaining([
        'node dist/main.js',
        'node dist/worker.js',
        /^npx typeorm .*/m.exec(textOf(7))![0],
      ]),
    );
    const given = [...textOf(11).matchAll(/^ +([A-Z_]+): (?=\S)/gm)].map(([, name]) => name);
    expect(given).toEqual(Object.keys(env));
  });

  it('11. builds an image that starts', async () => {
    await app.stop();
    const image = join(folder, 'image');
    mkdirSync(image);
    const ignored = blockOf('.dockerignore').trim().split('\n');
    const runs: Record<string, () => unknown> = {
      'npm ci': () => linkPackages(image),
      'npm run build': () => compile(image, 'typescript-7'),
      'npm prune --omit=dev': () =>
        expect(importedBy(image).filter((name) => !installed.has(name))).toEqual([]),
    };
    const [build, shipped] = blockOf('Dockerfile')
      .split(/^FROM .*\n/m)
      .slice(1);
    for (const [, instruction, rest] of build!.matchAll(/^(COPY|RUN) (.*)/gm))
      if (instruction === 'RUN') for (const command of rest!.split(' && ')) await runs[command]!();
      else copyTo(image, rest!.split(' ')[0]!, ignored);

    const [, command] = /^CMD (.*)/m.exec(shipped!)!;
    const [, file] = JSON.parse(command!) as string[];
    app = start(join('image', file!));
    await app.says('Nest application successfully started');
  });
});

const fits = (name: string, pattern: string): boolean => {
  const [start, end = ''] = pattern.split('*');
  return pattern.includes('*') ? name.startsWith(start!) && name.endsWith(end) : name === pattern;
};

/** What the reader has installed by the end, without what serves development alone. */
const installed = new Set(
  [
    '@nestjs/common @nestjs/core',
    ...[...PAGE.matchAll(/^npm install (.*)/gm)].map(([, names]) => names!),
  ].flatMap((names) => names.split(' ')),
);
for (const [, name] of PAGE.matchAll(/^npm uninstall (.*)/gm)) installed.delete(name!);

const importedBy = (app: string): string[] =>
  readdirSync(join(app, 'dist'))
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [
      ...readFileSync(join(app, 'dist', file), 'utf8').matchAll(/from '((?:@[\w-]+\/)?[\w-]+)/g),
    ])
    .map(([, name]) => name!);

/** One of the reader's terminals. */
class Program {
  private printed = '';
  private readonly closed: Promise<unknown>;

  constructor(private readonly child: ChildProcess) {
    this.closed = once(child, 'close');
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => (this.printed += String(chunk)));
  }

  readonly output = (): string => this.printed;

  async says(text: string): Promise<void> {
    await expect.poll(this.output, { timeout: 20_000 }).toContain(text);
  }

  async ended(): Promise<void> {
    await this.closed;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.closed;
  }
}

const reaches = (port: string): Promise<boolean> =>
  fetch(`http://localhost:${port}`, { method: 'POST' }).then(
    () => true,
    () => false,
  );

async function freePort(): Promise<string> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
