import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookAttempt, WebhookDelivery } from 'nestjs-webhooks';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { withDataSource } from '../support/bare-app.js';
import { daily, IS_FULL_RUN } from '../support/daily.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import {
  buildAndPack,
  compile,
  installApp,
  packBuilt,
  removeFolder,
  startApp,
  temporaryFolder,
  type PackedPackage,
  type RunningProcess,
} from '../support/packed-app.js';
import { Receiver } from '../support/receiver.js';
import { redisFor } from '../support/redis.js';

const INSTALL_MS = 120_000;

/** A customer's webhooks from an app of today's Nest style: TypeScript, decorators, constructor injection. */
const APP = `
import 'reflect-metadata';
import { Controller, Injectable, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EmitsWebhook, WebhooksModule, WebhooksService, webhooksMigrations } from 'nestjs-webhooks';
import type { WebhookEventView, WebhooksModuleOptions } from 'nestjs-webhooks';

const { DATABASE_URL, REDIS_URL, REDIS_PREFIX } = process.env;
const redis: Partial<WebhooksModuleOptions> = REDIS_URL ? { redis: REDIS_URL, redisPrefix: REDIS_PREFIX! } : {};

@Injectable()
class PostsService {
  @EmitsWebhook('post.published', { data: (post: { id: string }, by: string) => ({ post_id: post.id, by }) })
  async publish(_by: string): Promise<{ id: string }> {
    return { id: 'p1' };
  }
}

@Controller('posts')
class PostsController {
  constructor(
    private readonly posts: PostsService,
    private readonly webhooks: WebhooksService,
  ) {}

  @Post()
  async publish(): Promise<{ id: string }> {
    return this.posts.publish('ada');
  }

  @Post('created')
  create(): Promise<WebhookEventView> {
    return this.webhooks.emit('post.created', {});
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: DATABASE_URL!,
      autoLoadEntities: true,
      migrations: webhooksMigrations,
      migrationsRun: true,
    }),
    WebhooksModule.forRoot({
      events: { 'post.published': {}, 'post.created': {} },
      api: { public: true },
      network: { allowHttp: true, allowPrivateNetworks: true },
      ...redis,
    }),
  ],
  controllers: [PostsController],
  providers: [PostsService],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  process.send!({ url: await app.getUrl() });
}

void main();
`;

/** Uses each entry point, and must compile in strict mode. */
const TYPES = `
import { InvalidWebhookInputError, WebhooksError, WebhooksService } from 'nestjs-webhooks';
import type { WebhookDeliveryLifecycleEvent, WebhookEndpointDisabledEvent, WebhooksModuleAsyncOptions } from 'nestjs-webhooks';
import type { WebhooksDashboard } from 'nestjs-webhooks/dashboard';
import { verifyWebhook, WebhookVerificationError } from 'nestjs-webhooks/receiver';
import { provideWebhookEmitter, WebhookTestClock } from 'nestjs-webhooks/testing';

export const options: WebhooksModuleAsyncOptions = {
  events: { 'post.published': { on: { on: 'published', data: (post: { id: string }) => ({ id: post.id }) } } },
  api: { public: true, tenant: (request: { user: { accountId: string } }) => request.user.accountId },
  queue: 'bull',
  inject: ['REDIS_URL'],
  useFactory: (url: string) => ({ redis: url, retry: { schedule: ['5m', '1h'] } }),
};
export const attempt = (event: WebhookDeliveryLifecycleEvent): number => event.attempt;
export const code = (error: WebhooksError): string => error.code;
export const received: { id: string } = verifyWebhook<{ id: string }>('{}', {}, 'whsec_').data;

/** States no type of its own: declaration is what Nest's own template sets, and wants a public name for each. */
export class Management {
  constructor(private readonly webhooks: WebhooksService) {}

  readonly emit = () => this.webhooks.emit('post.published', {});
  readonly deliverDue = () => this.webhooks.deliverDue({ timeout: '1s' });
  readonly create = () => this.webhooks.endpoints.create('', { name: '', url: '', events: [] });
  readonly endpoints = () => this.webhooks.endpoints.list('', { limit: 1 });
  readonly endpoint = () => this.webhooks.endpoints.get('', '');
  readonly reason = async () => (await this.endpoint()).disabledReason;
  readonly secret = () => this.webhooks.endpoints.secret('', '');
  readonly rotate = () => this.webhooks.endpoints.rotateSecret('', '');
  readonly reseal = () => this.webhooks.endpoints.resealSecrets();
  readonly deliveries = () => this.webhooks.deliveries.list({ tenant: '' }, { limit: 1 });
  readonly delivery = () => this.webhooks.deliveries.get('', '');
  readonly status = async () => (await this.delivery()).status;
  readonly attempts = () => this.webhooks.deliveries.attempts('', '', { limit: 1 });
  readonly outcome = async () => (await this.attempts()).data[0]?.outcome;
  readonly test = () => this.webhooks.deliveries.test('', '', '');
  readonly retry = () => this.webhooks.deliveries.retry('', '');
  readonly recover = () => this.webhooks.deliveries.recover('', '', 0);
  readonly preview = () => this.webhooks.deliveries.previewRecovery('', '', 0);
  readonly types = () => this.webhooks.events.types();
  readonly events = () => this.webhooks.events.list({ tenant: '' }, { limit: 1 });
  readonly event = () => this.webhooks.events.get('', '');
  readonly counts = async () => (await this.event()).deliveryCounts;
  readonly stats = () => this.webhooks.stats.ofTenant('');
  readonly total = async () => (await this.stats()).total;
  readonly endpointStats = async () => (await this.webhooks.stats.ofEndpoints('', [])).data[0];
  readonly health = () => this.webhooks.health.check({ maxDue: '1m', ignore: ['queue'] });
  readonly isHealthy = () => this.webhooks.health.isHealthy();
  readonly workers = () => this.webhooks.health.workers();
  readonly metrics = () => this.webhooks.metrics();
  readonly settings = () => this.webhooks.settings.get();
  readonly disabled = ({ reason }: WebhookEndpointDisabledEvent) => reason;
  readonly problems = (error: InvalidWebhookInputError) => error.details;
}
// @ts-expect-error: a type that did not resolve would be any, and take everything
export const refused: WebhooksModuleAsyncOptions = { events: 5 };
export function signIn(dashboard: WebhooksDashboard, token: string): void {
  dashboard.requestHeaders = () => ({ authorization: token });
  dashboard.messages = { de: { 'list.heading': 'Meine Webhooks' } };
}
export const element: WebhooksDashboard | null = document.querySelector('webhooks-dashboard');
// @ts-expect-error
new WebhookTestClock('now');
export const kinds: unknown[] = [WebhookVerificationError, provideWebhookEmitter, new WebhookTestClock().now()];
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'ES2023',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['ES2023', 'DOM'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    declaration: true,
    skipLibCheck: false,
    rootDir: '.',
    outDir: 'out',
  },
  files: ['app.ts', 'types.ts'],
});

const COMMON = {
  '@types/node': '^20.19.0',
  'class-transformer': '^0.5.1',
  'class-validator': '^0.15.0',
  pg: '^8.23.0',
  'reflect-metadata': '^0.2.2',
  rxjs: '^7.8.0',
  typeorm: '^1.0.0',
  '@nestjs/typeorm': '^12.0.0',
};

const nest = (range: string): Record<string, string> => ({
  '@nestjs/common': range,
  '@nestjs/core': range,
  '@nestjs/platform-express': range,
});

const folder = temporaryFolder();
let packed: PackedPackage;

beforeAll(async () => {
  // The clone has been built in the same way.
  packed = await (IS_FULL_RUN ? buildAndPack : packBuilt)(folder);
}, INSTALL_MS);

afterAll(() => removeFolder(folder));

describe('The tarball', () => {
  it('holds the build, the documents of a package and nothing else', () => {
    const beside = packed.files.filter((file) => !/^(dist|docs)\//.test(file)).sort();
    expect(beside).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'THIRD-PARTY-NOTICES.md',
      'package.json',
    ]);
    const foreign = packed.files.filter(
      (file) => file.startsWith('dist/') && !/\.(js|js\.map|d\.ts|mjs|d\.mts)$/.test(file),
    );
    expect(foreign).toEqual([]);
    // Of the dashboard's front end, one file and its types.
    expect(packed.files.filter((file) => file.startsWith('dist/dashboard/element'))).toEqual(
      expect.arrayContaining(['dist/dashboard/element.d.mts', 'dist/dashboard/element.mjs']),
    );
    expect(packed.files.filter((file) => file.startsWith('dist/dashboard/element/'))).toEqual([]);
    expect(packed.files.filter((file) => /(^|\/)test\/|\.spec\./.test(file))).toEqual([]);
  });

  it('has what its documents link to', () => {
    const dead = packed.files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => linksOf(file).filter((target) => !packed.files.includes(target)));
    expect(dead).toEqual([]);
  });

  it('says where it is developed, so that a registry can show its links, pictures and issues', () => {
    const { homepage, repository, bugs } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    expect(repository.url).toMatch(/^git\+https:\/\/.+\.git$/);
    const address = repository.url.replace(/^git\+|\.git$/g, '');
    expect([homepage, bugs.url]).toEqual([`${address}#readme`, `${address}/issues`]);
  });
});

interface Manifest {
  homepage: string;
  repository: { url: string };
  bugs: { url: string };
}

/** The files that a document links to or shows, by their paths in the package. */
function linksOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => posix.join(posix.dirname(file), target));
}

const NEST_11 = {
  name: 'An empty Nest 11 app in CommonJS, by TypeScript 7',
  app: 'nest-11',
  compiler: 'typescript-7',
  manifest: { type: 'commonjs', dependencies: { ...COMMON, ...nest('^11.0.0') } },
  bull: { '@nestjs/bull': '^11.0.0', '@nestjs/event-emitter': '^3.0.0', bull: '^4.16.0' },
} as const;
const NEST_12 = {
  name: 'An empty Nest 12 app in ES modules, by TypeScript 6',
  app: 'nest-12',
  compiler: 'typescript',
  manifest: { type: 'module', dependencies: { ...COMMON, ...nest('^12.0.0') } },
  bull: { '@nestjs/bull': '^12.0.0', '@nestjs/event-emitter': '^12.0.0', bull: '^4.16.0' },
} as const;

describe.each(daily([NEST_11], NEST_12))('$name', ({ app, compiler, manifest, bull }) => {
  const home = join(folder, app);
  const main = join(home, 'out', 'app.js');
  const files = { 'app.ts': APP, 'types.ts': TYPES, 'tsconfig.json': TSCONFIG };
  let compileErrors: string[];

  const install = (more: Readonly<Record<string, string>> = {}): Promise<void> => {
    const dependencies = { ...manifest.dependencies, 'nestjs-webhooks': `file:${packed.tarball}`, ...more };
    return installApp(home, { type: manifest.type, dependencies }, files);
  };

  beforeAll(async () => {
    await install();
    compileErrors = await compile(home, compiler);
  }, INSTALL_MS);

  it('gets no Bull, no event emitter and no second Nest with the package', () => {
    const installed = (path: string): boolean => existsSync(join(home, 'node_modules', path, 'package.json'));
    expect(['nestjs-webhooks', '@nestjs/common'].filter(installed)).toHaveLength(2);
    expect(['bull', '@nestjs/bull', '@nestjs/event-emitter'].filter(installed)).toEqual([]);
    expect(installed('nestjs-webhooks/node_modules/@nestjs/common')).toBe(false);
    const { version } = JSON.parse(
      readFileSync(join(home, 'node_modules/@nestjs/core/package.json'), 'utf8'),
    ) as {
      version: string;
    };
    expect(`nest-${version.split('.')[0]}`).toBe(app);
  });

  it('compiles in strict mode, with the declarations of all packages checked too', () => {
    expect(compileErrors).toEqual([]);
  });

  it('has source maps that hold the sources, which are not in the package', () => {
    const maps = packed.files.filter((file) => file.endsWith('.js.map'));
    expect(maps.map((file) => file.replace(/\.map$/, ''))).toEqual(
      packed.files.filter((file) => file.endsWith('.js') && !/dashboard\/\w+-text\.js$/.test(file)),
    );
    const pointNowhere = maps.filter((file) => {
      const { sources, sourcesContent = [] } = JSON.parse(
        readFileSync(join(home, 'node_modules/nestjs-webhooks', file), 'utf8'),
      ) as { sources: string[]; sourcesContent?: string[] };
      return sources.some((_, index) => !sourcesContent[index]);
    });
    expect(pointNowhere).toEqual([]);
  });

  it('shows its dashboard', async () => {
    await withApp(main, {}, async ({ running }) => {
      const page = await fetch(`${running.hello.url}/webhooks/dashboard`);
      expect(await page.text()).toContain('<webhooks-dashboard');
      const script = await fetch(`${running.hello.url}/webhooks/dashboard/element.js`);
      expect([script.status, script.headers.get('content-type')]).toEqual([
        200,
        'text/javascript; charset=utf-8',
      ]);
      expect(await script.text()).toContain('webhooks-dashboard');
    });
  });

  it('can import the dashboard where there is no DOM', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        "console.log('WebhooksDashboard' in (await import('nestjs-webhooks/dashboard')));" +
          "console.log('WebhooksOperatorElement' in (await import('nestjs-webhooks/operator')));" +
          "console.log((await import('nestjs-webhooks/dashboard/de')).default.close)",
      ],
      { cwd: home },
    );
    expect(stdout.trim().split('\n')).toEqual(['true', 'true', 'Schließen']);
  });

  it('has a command that checks its catalogue', async () => {
    const command = (...given: string[]): Promise<string> =>
      promisify(execFile)(join(home, 'node_modules/.bin/nestjs-webhooks'), given, { cwd: home }).then(
        ({ stdout }) => stdout,
        ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) =>
          `${code}: ${stdout}${stderr}`,
      );
    const catalogue = (type: string): void =>
      writeFileSync(
        join(home, 'events.mjs'),
        `export const events = { 'post.live': { schema: { properties: { id: { type: '${type}' } } } } };`,
      );
    catalogue('string');

    expect(await command('check-catalogue', 'events.mjs', '--write')).toContain('has 1 event types now');
    expect(await command('check-catalogue', 'events.mjs')).toBe('Nothing breaks: 1 event types.\n');
    catalogue('integer');
    expect(await command('check-catalogue', 'events.mjs')).toMatch(
      /^1: [^]*\n {2}post\.live: data\.id was a string, and is an integer now\.\n/,
    );
    expect(await command('check-catalogue')).toMatch(/^2: Say which module/);
    expect(await command('check-catalog')).toMatch(/^2: There is no command check-catalog/);
    expect(await command('--help')).toContain('check-catalogue');
  });

  it('delivers a signed webhook', async () => {
    await withApp(main, {}, async ({ running, receiver, secret }) => {
      const answer = await fetch(`${running.hello.url}/posts`, { method: 'POST' });
      expect(answer.status).toBe(201);
      const [arrival] = await receiver.received(1);
      expect(verifyWebhook(arrival!.body, arrival!.headers, secret)).toMatchObject({
        type: 'post.published',
        data: { post_id: 'p1', by: 'ada' },
      });
      expect(await running.terminate()).toEqual({ code: null, signal: 'SIGTERM' });
      expect(running.output()).not.toMatch(/error/i);
    });
  });

  it(
    'delivers through Bull once that is installed, and ends a request under way before it stops',
    async () => {
      await install(bull);
      const { redis, redisPrefix } = redisFor();
      const env = { REDIS_URL: redis, REDIS_PREFIX: redisPrefix };
      await withApp(main, env, async ({ running, receiver, database }) => {
        let respond!: () => void;
        receiver.answer = (_arrival, response) => {
          respond = () => response.writeHead(204).end();
        };
        const answer = await fetch(`${running.hello.url}/posts/created`, { method: 'POST' });
        expect(answer.status).toBe(201);
        await receiver.received(1);
        const ended = running.terminate();
        respond();
        expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
        expect(running.output()).not.toMatch(/error|closed/i);
        await withDataSource(database, async (dataSource) => {
          const deliveries = await dataSource.getRepository(WebhookDelivery).find();
          expect(deliveries).toMatchObject([{ status: 'succeeded', attemptCount: 1 }]);
          expect(await dataSource.getRepository(WebhookAttempt).count()).toBe(1);
        });
      });
    },
    INSTALL_MS,
  );
});

interface StartedApp {
  running: RunningProcess;
  receiver: Receiver;
  database: TestDatabase;
  secret: string;
}

/** Starts the app on a database of its own, with an endpoint on a receiver. */
async function withApp(
  main: string,
  env: Readonly<Record<string, string>>,
  use: (started: StartedApp) => Promise<void>,
): Promise<void> {
  const database = await createDatabase('postgres');
  const receiver = await Receiver.start();
  let running: RunningProcess | undefined;
  try {
    running = await startApp(main, {
      DATABASE_URL: String('url' in database.options && database.options.url),
      ...env,
    });
    const created = await fetch(`${running.hello.url}/webhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Receiver', url: receiver.url, events: ['*'] }),
    });
    const { secret } = (await created.json()) as { secret: string };
    await use({ running, receiver, database, secret });
  } finally {
    await receiver.stop();
    await running?.terminate();
    await database.drop();
  }
}
