import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SMALL = [
  '--databases',
  'postgres',
  '--only',
  'b,c,d',
  '--fan-outs',
  '5',
  '--rounds',
  '1',
  '--seconds',
  '0.2',
];

interface Figures {
  readonly subject: string;
  readonly runs: readonly { readonly perSecond: number; readonly each: { readonly statements: number } }[];
}

describe('npm run bench', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'webhooks-bench-spec-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('measures ours beside a plain implementation, and accounts for every delivery', async () => {
    const output = join(folder, 'results.json');
    const command = ['scripts/bench.mjs', 'throughput', ...SMALL, '--output', output];
    await promisify(execFile)(process.execPath, command, { cwd: ROOT });

    const { sections } = JSON.parse(readFileSync(output, 'utf8')) as {
      sections: { throughput: { figures: Figures[] } };
    };
    const { figures } = sections.throughput;
    expect(figures.map(({ subject }) => subject)).toEqual(['b', 'c', 'd']);
    const runs = figures.flatMap((one) => one.runs);
    expect(runs).toHaveLength(3);
    expect(runs.every(({ perSecond }) => perSecond > 0)).toBe(true);
    // The driver is really counted, and ours shares its statements between many deliveries.
    const [plain, ...ours] = runs.map(({ each }) => each.statements);
    for (const statements of ours) {
      expect(statements).toBeGreaterThan(0);
      expect(statements).toBeLessThan(plain! / 10);
    }
  }, 60_000);
});
