import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DataSourceOptions } from 'typeorm';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';

const SCRIPT = fileURLToPath(new URL('./sending-process.mjs', import.meta.url));

/** The parts of a span that are sent to the test's process. */
export interface ToldSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: number };
}

/** An app in a process of its own. */
export interface SendingProcess {
  /** The ended spans, if the options enable traces. */
  readonly spans: readonly ToldSpan[];
  /** Sends SIGKILL, so that none of its code runs any more. */
  kill(): Promise<void>;
  /** The warnings and errors that it logged, and what it threw. */
  errors(): string;
  /** Sends SIGTERM. Resolves to the exit code. */
  terminate(): Promise<number | null>;
}

/** Starts the built package in a process, on a database that already has its tables. */
export async function startProcess(
  database: DataSourceOptions,
  webhooks: Partial<WebhooksModuleOptions>,
): Promise<SendingProcess> {
  const env = { ...process.env, APP: JSON.stringify({ database, webhooks }) };
  const child = fork(SCRIPT, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const spans: ToldSpan[] = [];
  child.on('message', (message: { spans?: ToldSpan[] }) => spans.push(...(message.spans ?? [])));
  let errors = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (errors += String(text)));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`The process ended with ${code} before it had started.`)));
  });
  return {
    spans,
    errors: () => errors,
    kill: async () => void (await end(child, 'SIGKILL')),
    terminate: () => end(child, 'SIGTERM'),
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}
