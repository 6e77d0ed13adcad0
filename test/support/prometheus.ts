import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { vi } from 'vitest';

/** Finds a program of Prometheus in PATH, or in the folder that TEST_PROMETHEUS names. */
function program(name: string): string | undefined {
  const folders = [process.env.TEST_PROMETHEUS, ...(process.env.PATH ?? '').split(delimiter)];
  return folders
    .flatMap((folder) => (folder ? [join(folder, name)] : []))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export const PROMTOOL = program('promtool');
export const PROMETHEUS = program('prometheus');

/**
 * Returns the output.
 * @throws Error with the output if promtool fails
 */
export const promtool = (args: readonly string[], input = ''): string =>
  execFileSync(PROMTOOL!, args, { input, encoding: 'utf8', stdio: 'pipe' });

export interface RunningPrometheus {
  /** Runs an instant query. */
  query(expression: string): Promise<readonly unknown[]>;
  /** The names of the loaded alerts. */
  alerts(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts a Prometheus that scrapes `target` (host and port) every 500 ms. */
export async function startPrometheus(
  target: string,
  path: string,
  rules: string,
): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const config = {
    global: { scrape_interval: '500ms', evaluation_interval: '500ms' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'app', metrics_path: path, static_configs: [{ targets: [target] }] }],
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    PROMETHEUS!,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  const ask = async (route: string): Promise<Record<string, never>> => {
    const answer = await fetch(`http://${address}/api/v1/${route}`);
    const { data, error } = (await answer.json()) as { data: Record<string, never>; error?: string };
    if (error !== undefined) throw new Error(`${route}: ${error}`);
    return data;
  };
  const query: RunningPrometheus['query'] = async (expression) =>
    (await ask(`query?query=${encodeURIComponent(expression)}`)).result!;
  await vi.waitFor(
    async () => {
      const [up] = (await query('up')) as { value: [number, string] }[];
      if (up?.value[1] !== '1') throw new Error('It has not scraped yet.');
    },
    { timeout: 20_000, interval: 100 },
  );
  return {
    query,
    alerts: async () => {
      const groups = (await ask('rules')).groups as unknown as { rules: { name: string }[] }[];
      return groups.flatMap(({ rules: ofGroup }) => ofGroup.map(({ name }) => name));
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
