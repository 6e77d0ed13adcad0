import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../sample-app/config/environment.js';
import { start, type RunningApp } from '../../sample-app/start.js';
import { createDatabase, type DatabaseKind } from './databases.js';
import type { STACKS } from './stacks.js';

/** A database for the sample app, which outlives any one start of it. */
export interface SampleDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** SQLite is a file, as it is for whoever runs the demo. */
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

/** Starts the real app on a free port, as its environment would. */
export async function startSampleApp(variables: Record<string, string | undefined>): Promise<RunningApp> {
  return start(readEnvironment({ PORT: '0', HOST: '127.0.0.1', ...variables }), ['fatal', 'error']);
}

/** The app has no prefix for its keys in Redis, so it gets a database of its own there. */
export function sampleRedisUrl(
  queue: (typeof STACKS)[number]['queue'],
  database: number,
): string | undefined {
  if (queue !== 'bull') return undefined;
  const url = new URL(process.env.TEST_REDIS_URL ?? '');
  url.pathname = `/${database}`;
  return url.href;
}
