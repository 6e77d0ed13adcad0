import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApp } from '../../sample-app/start.js';
import { runCode, SNIPPET_LANGUAGES, type SnippetCase } from '../support/documented-snippets.js';
import {
  asyncApiProblems,
  openApiProblems,
  schemaProblems,
  validatorOf,
  type Json,
} from '../support/document-validators.js';
import { codeBelow, linesOf, missingLines } from '../support/guide-text.js';
import { Receiver, type Arrival } from '../support/receiver.js';
import { sampleDatabase, startSampleApp, type SampleDatabase } from '../support/sample-app.js';
import { SampleClient } from '../support/sample-client.js';
import { isInstalled, makeFolder, removeFolder } from '../support/snippet-folder.js';

/** The guide as Roundabout has written it by hand. */
const BY_HAND = readFileSync(new URL('../support/customers-guide.md', import.meta.url), 'utf8');
/** Lines of its code that were not safe, or not right, and what stands there now. */
const MENDED: Readonly<Record<string, string>> = {
  // Bodies over 100 kB were refused.
  'app.use(bodyParser.json());': "app.use(bodyParser.json({ limit: '300kb' }));",
  // A request without a body was an error of the server.
  'const payload = JSON.stringify(req.body);': "const payload = JSON.stringify(req.body) || '';",
  // The time that it took told how much of a signature was right.
  'const isValid = signature === calculatedSignature;':
    'const isValid = given.length === calculatedSignature.length',
};
/** A cold Go compiles its standard library first. */
const RUN_TIMEOUT_MS = 300_000;

/** The names of the languages in the guide, by those of the page on signatures. */
const LANGUAGES: Readonly<Record<string, string>> = {
  'Node.js': 'Node.js with Express, Standard Webhooks',
  Python: 'Python',
  Ruby: 'Ruby',
  PHP: 'PHP',
  Go: 'Go',
  Java: 'Java',
  'C#': 'C#',
};

describe('The guide that Roundabout serves to its customers', () => {
  let database: SampleDatabase;
  let roundabout: RunningApp;
  let acme: SampleClient;
  let platform: string;
  let guide: string;

  beforeAll(async () => {
    database = await sampleDatabase('sqlite');
    roundabout = await startSampleApp({
      DATABASE_URL: database.url,
      WEBHOOKS_ALLOW_LOCAL: '1',
      ACCOUNT_API_KEYS: 'acme:key-of-acme',
    });
    acme = new SampleClient(roundabout.url, 'key-of-acme');
    platform = await acme.connectPlatform('acme');
    guide = await (await fetch(`${roundabout.url}/api/webhooks/guide.md`)).text();
  });
  afterAll(async () => {
    await roundabout?.app.close();
    await database?.drop();
  });

  it('has documents for programs beside it, which are valid and fit what is sent', async () => {
    const get = async (path: string): Promise<Json> =>
      (await (await fetch(`${roundabout.url}/api/webhooks/${path}`)).json()) as Json;
    const [openApi, asyncApi] = [await get('openapi.json'), await get('asyncapi.json')];
    const types = Object.keys(openApi.webhooks as Json);
    const schemas = await Promise.all(types.map((type) => get(`event-types/${type}/schema.json`)));

    expect(types).toHaveLength(17);
    expect(await openApiProblems(openApi)).toEqual([]);
    expect(asyncApiProblems(asyncApi)).toEqual([]);
    expect(schemaProblems(schemas)).toEqual([]);
    for (const schema of schemas) {
      expect([schema.title, validatorOf(schema)((schema.examples as unknown[])[0])]).toEqual([
        schema.title,
        [],
      ]);
    }
  });

  it('has every section, every sentence and every line of code of the one that was written by hand, in that order', () => {
    const wanted = linesOf(BY_HAND).map((line) => ({ ...line, text: MENDED[line.text] ?? line.text }));

    expect(wanted.length).toBeGreaterThan(200);
    expect(missingLines(wanted, linesOf(guide))).toEqual([]);
  });

  it('is a page for everybody, with the same sections and sentences', async () => {
    const response = await fetch(`${roundabout.url}/api/webhooks/guide`);
    const page = await response.text();

    expect(response.status).toBe(200);
    const text = page
      .replace(/^[\s\S]*<main>/, '')
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll(/&(quot|lt|gt|amp);/g, (entity) => ENTITIES[entity]!);
    const wanted = linesOf(BY_HAND).filter(({ kind }) => kind !== 'code');
    let from = 0;
    for (const { kind, text: line } of wanted) {
      const at = text.indexOf(kind === 'heading' ? line.replace(/^#+ /, '') : line, from);
      expect([line, at >= 0]).toEqual([line, true]);
      from = at;
    }
  });

  it('has code that accepts what Roundabout sends, and refuses what it does not: Signature Verification', async () => {
    const server = await CustomersServer.start(
      `const app = require('express')();\napp.use(require('express').json({ limit: '300kb' }));\n${codeBelow(guide, 'Signature Verification')}` +
        "\napp.listen(3000, () => console.log('running on port 3000'));\n",
    );
    try {
      await expectVerifying(server);
    } finally {
      await server.stop();
    }
  });

  it('has code that accepts what Roundabout sends, and refuses what it does not: the sample implementation', async () => {
    const server = await CustomersServer.start(codeBelow(guide, 'Node.js (Express)'));
    try {
      await expectVerifying(server);
      expect(server.output).toContain('New post published on instagram');
    } finally {
      await server.stop();
    }
  });

  /** Sends a real event to a server with the right secret, and then to one with another. */
  async function expectVerifying(server: CustomersServer): Promise<void> {
    const { id, secret } = await acme.addWebhook(server.url, ['post.published']);
    const statusOfTest = async (): Promise<unknown> => {
      const { statusCode } = await acme.do<{ statusCode: number }>('POST', `/api/webhooks/${id}/test`, {
        eventType: 'post.published',
      });
      return statusCode;
    };

    await server.use(secret);
    await acme.publishPost(platform, 'Grüße 👋 \u2028');
    await until(async () => {
      const { data } = await acme.do<{ data: { status: string }[] }>('GET', `/api/webhooks/${id}/deliveries`);
      return data[0]?.status === 'succeeded';
    });
    expect(await statusOfTest()).toBe(200);

    await server.use(`${secret}x`);
    expect(await statusOfTest()).toBe(401);
    for (const signature of ['', 'é'.repeat(32), 'é'.repeat(64), '0'.repeat(64)]) {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-roundabout-signature': signature },
        body: '{}',
      });
      expect(response.status).toBe(401);
    }
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(401);
    await acme.do('DELETE', `/api/webhooks/${id}`);
  }

  describe('verifies a delivery of Roundabout’s with its code for', () => {
    let delivered: { secret: string; request: Arrival };

    beforeAll(async () => {
      const receiver = await Receiver.start();
      const { secret, id } = await acme.addWebhook(receiver.url, ['post.published']);
      await acme.publishPost(platform, 'Grüße 👋 <b>&</b>');
      const [request] = await receiver.received(1);
      delivered = { secret, request: request! };
      await acme.do('DELETE', `/api/webhooks/${id}`);
      await receiver.stop();
    });

    const cases = (schemes: readonly SnippetCase['scheme'][]) => {
      const { secret, request } = delivered;
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name.startsWith('webhook-')),
      ) as Record<string, string>;
      // The harnesses take the hex header by the name that it has by default.
      headers['x-webhook-signature'] = String(request.headers['x-roundabout-signature']);
      const { body } = request;
      return schemes.flatMap((scheme) => [
        { scheme, secret, headers, body, accepted: true },
        { scheme, secret, headers, body: body.replace('published', 'unpublished'), accepted: false },
        { scheme, secret: `whsec_${'A'.repeat(32)}`, headers, body, accepted: false },
        { scheme, secret: null, headers, body, accepted: false },
      ]);
    };

    it.for(Object.entries(LANGUAGES))('%s', { timeout: RUN_TIMEOUT_MS }, ([label, heading], { skip }) => {
      const language = SNIPPET_LANGUAGES.find((one) => one.heading === heading)!;
      skip(!isInstalled(language.probe), `${language.probe[0]} is not installed.`);
      const missing = language.getLibraries?.();
      skip(missing !== undefined, missing);
      const all = cases(language.schemes);
      const { input = JSON.stringify } = language;

      const accepted = runCode(language, codeBelow(guide, label), () => input(all));

      expect(accepted).toEqual(all.map((one) => one.accepted));
    });
  });
});

const ENTITIES: Readonly<Record<string, string>> = { '&quot;': '"', '&lt;': '<', '&gt;': '>', '&amp;': '&' };

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A customer's server with code of the guide, on a free port in place of 3000, in a process of its own. */
class CustomersServer {
  output = '';
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(code: string): Promise<CustomersServer> {
    const port = await freePort();
    const server = new CustomersServer(
      makeFolder({ 'server.js': code.replaceAll('3000', String(port)) }),
      port,
    );
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/webhook`;
  }

  /** Starts it again, with another secret in its environment. */
  async use(secret: string): Promise<void> {
    await this.end();
    const env = { ...process.env, WEBHOOK_SECRET: secret };
    const child = spawn(process.execPath, ['server.js'], { cwd: this.folder, env });
    this.process = child;
    child.stderr.on('data', (chunk) => (this.output += String(chunk)));
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${this.output}`)));
      child.stdout.on('data', (chunk) => {
        this.output += String(chunk);
        if (this.output.includes('running on port')) resolve();
      });
    });
  }

  async stop(): Promise<void> {
    await this.end();
    removeFolder(this.folder);
  }

  private async end(): Promise<void> {
    const { process: child } = this;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
    this.output = this.output.replaceAll('running on port', '');
  }
}

/** A free port of this machine. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
