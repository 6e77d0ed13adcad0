// Serves the guide's code for Node.js frameworks. Each line on stdin sets the secret; an empty line removes
// it. The response to each line is the URLs by the guide's headings.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { serve } from '@hono/node-server';
import { Logger } from '@nestjs/common';
import ts from 'typescript';

for (const file of readdirSync('.').filter((name) => name.endsWith('.ts'))) {
  const { ESNext, CommonJS } = ts.ModuleKind;
  // Next.js resolves imports without extensions, as CommonJS does.
  const [extension, module] = file === 'next.ts' ? ['.cjs', CommonJS] : ['.js', ESNext];
  const compilerOptions = {
    module,
    target: ts.ScriptTarget.ES2022,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions });
  writeFileSync(file.replace('.ts', extension), outputText.replace('@/verify', './verify.js'));
}

// Its lines would go to stdout.
Logger.overrideLogger(false);

async function listenNest({ createApp }) {
  const app = await createApp();
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

const urlOf = (server) => `http://127.0.0.1:${server.address().port}`;

const listening = (server) =>
  new Promise((resolve) => server.once('listening', () => resolve(urlOf(server))));

/** Calls a route handler as Next.js does. */
function serveRoute({ POST }) {
  const server = createServer(async (request, response) => {
    const { url, headers, method } = request;
    const answer = await POST(
      new Request(new URL(url, urlOf(server)), { method, headers, body: request, duplex: 'half' }),
    );
    response.writeHead(answer.status).end(await answer.text());
  });
  return server.listen(0, '127.0.0.1');
}

const { app: fastify } = await import('./fastify.js');
const { app: hono } = await import('./hono.js');
const urls = {
  Fastify: await fastify.listen({ port: 0, host: '127.0.0.1' }),
  Nest: await listenNest(await import('./app.module.js')),
  'Nest on Fastify': await listenNest(await import('./nest-on-fastify.js')),
  'Next.js': await listening(serveRoute(await import('./next.cjs'))),
  Hono: await listening(serve({ fetch: hono.fetch, port: 0, hostname: '127.0.0.1' })),
};
for (const name of Object.keys(urls)) urls[name] += '/webhooks';

createInterface({ input: process.stdin })
  .on('line', (secret) => {
    if (secret) process.env.WEBHOOK_SECRET = secret;
    else delete process.env.WEBHOOK_SECRET;
    console.log(JSON.stringify(urls));
  })
  .on('close', () => process.exit());
