import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DataSourceOptions } from 'typeorm';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { type DeliverDueOptions, type DeliveredDue } from '../../lib/webhooks.due-run.js';

const SCRIPT = fileURLToPath(new URL('./script.mjs', import.meta.url));

/** Steps run one after another. Then the process exits, even if work is in progress. */
export type ScriptStep =
  { emit: number } | { deliverDue: DeliverDueOptions } | { close: true } | { arrivals: number };

export interface ScriptInput {
  readonly database: DataSourceOptions;
  readonly webhooks: Partial<WebhooksModuleOptions>;
  readonly steps: readonly ScriptStep[];
  /** Waits until the receiver has enough requests. */
  readonly arrived?: () => Promise<unknown>;
}

const running = new Set<ChildProcess>();

/** Kills the processes that a failed test has left behind. */
export function killScripts(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs a process with the built package, and returns the results of its `deliverDue` calls. */
export async function runScript({ arrived, ...input }: ScriptInput): Promise<DeliveredDue[]> {
  const child = fork(SCRIPT, { env: { ...process.env, SCRIPT: JSON.stringify(input) }, execArgv: [] });
  running.add(child);
  return new Promise((resolve, reject) => {
    let results: DeliveredDue[] | undefined;
    child.on('message', (message: { results?: DeliveredDue[]; waits?: true }) => {
      if (message.waits) void arrived!().then(() => child.send('go on'));
      results = message.results;
    });
    child.once('exit', (code) => {
      running.delete(child);
      if (results && code === 0) resolve(results);
      else reject(new Error(`The script ended with ${code}.`));
    });
  });
}
