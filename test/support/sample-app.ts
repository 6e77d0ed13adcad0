import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../sample-app/config/environment.js';
import { start, type RunningApp } from '../../sample-app/start.js';
import { createDatabase, type DatabaseKind } from './databases.js';
import type { STACKS } from './stacks.js';

const KEPT_MS = 60_000;
const MAIN = fileURLToPath(new URL('../../.sample-app/main.js', import.meta.url));

/** A database for the sample app, which outlives each of its starts. */
export interface SampleDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** SQLite uses a file, as in the demo. */
export async function sampleDatabase(kind: DatabaseKind): Promise<SampleDatabase> {
  if (kind === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'roundabout-'));
    return {
      url: `sqlite:${join(folder, 'roundabout.sqlite')}`,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const { options, drop } = await createDatabase(kind);
  return { url: String('url' in options && options.url), drop };
}

/** Starts the real app on a free port, with these environment variables. */
export async function startSampleApp(variables: Record<string, string | undefined>): Promise<RunningApp> {
  const running = await start(readEnvironment({ PORT: '0', HOST: '127.0.0.1', ...variables }), [
    'fatal',
    'error',
  ]);
  // A test that keeps this process busy for longer than the timeout would find its kept connection closed,
  // since both ends are in this process.
  (running.app.getHttpServer() as Server).keepAliveTimeout = KEPT_MS;
  return running;
}

/** Starts the built app in a process of its own, as `npm run demo` does. */
export async function startBuiltSampleApp(
  variables: Record<string, string>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const env = { ...process.env, PORT: '0', HOST: '127.0.0.1', ...variables };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    const url = /runs on (http:\S+)/.exec(output)?.[1];
    if (url) {
      child.stdout.resume();
      return { url, stop: () => (child.kill(), exited.then(() => undefined)) };
    }
  }
  throw new Error(`The sample app ended before it had started:\n${output}`);
}

/** The app's keys in Redis have no prefix, so the app gets a Redis database of its own. */
export function sampleRedisUrl(
  queue: (typeof STACKS)[number]['queue'],
  database: number,
): string | undefined {
  if (queue !== 'bull') return undefined;
  const url = new URL(process.env.TEST_REDIS_URL ?? '');
  url.pathname = `/${database}`;
  return url.href;
}
