import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WebhooksModuleOptions } from 'nestjs-webhooks';

const SCRIPT = fileURLToPath(new URL('./app-process.mjs', import.meta.url));

const LONGEST_ERRORS = 4_000;

export type FaultPoint = 'before the hand-over' | 'before the request' | 'before the record';

/** A fault that strikes within the app at the call number `at` (default 1) of a point. */
export type AppFault =
  | { point: FaultPoint; strike: 'kill'; at?: number }
  | { point: FaultPoint; strike: 'block'; ms: number; at?: number };

export interface AppStart {
  readonly database: object;
  readonly webhooks: Partial<WebhooksModuleOptions>;
  /** Settings of the Bull queue. */
  readonly bull?: object;
  readonly clockOffsetMs?: number;
  readonly fault?: AppFault;
}

export interface EmitReport {
  readonly ref: string;
  readonly outcome: 'committed' | 'rolled back' | 'unknown';
  readonly id?: string;
  readonly error?: string;
}

/** An app in a process of its own. */
export class AppProcess {
  onEmit: (report: EmitReport) => void = () => undefined;
  /** Resolves when its fault strikes. */
  readonly struck: Promise<void>;
  readonly ended: Promise<void>;
  private calls = 0;
  private readonly pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();

  private errors = '';

  private constructor(private readonly child: ChildProcess) {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      this.errors = (this.errors + text).slice(-LONGEST_ERRORS);
    });
    this.struck = new Promise((resolve) =>
      child.on('message', (message: object) => void ('struck' in message && resolve())),
    );
    this.ended = new Promise((resolve) =>
      child.once('exit', () => {
        for (const { reject } of this.pending.values()) reject(this.endedError);
        resolve();
      }),
    );
    child.on('message', (message: Message) => this.receive(message));
  }

  static async fork(): Promise<AppProcess> {
    const child = fork(SCRIPT, { execArgv: [], stdio: ['inherit', 'inherit', 'pipe', 'ipc'] });
    const app = new AppProcess(child);
    await Promise.race([
      once(child, 'message'),
      app.ended.then(() => {
        throw new Error(`${SCRIPT} ended before it was loaded. Is dist built?`);
      }),
    ]);
    return app;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  send<Result = unknown>(command: string, input?: unknown): Promise<Result> {
    const call = ++this.calls;
    const answer = new Promise<unknown>((resolve, reject) => this.pending.set(call, { resolve, reject }));
    if (this.alive) this.child.send({ call, command, input }, () => undefined);
    else this.pending.get(call)!.reject(this.endedError);
    return answer as Promise<Result>;
  }

  get endedError(): Error {
    const { exitCode, signalCode } = this.child;
    return new Error(`The process has ended (${signalCode ?? `exit code ${exitCode}`}). ${this.errors}`);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.alive) this.child.kill(signal);
  }

  /** SIGKILL: nothing of it gets to run any more. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  private receive({ call, value, error, emit }: Message): void {
    if (emit) this.onEmit(emit);
    if (call === undefined) return;
    if (error === undefined) this.pending.get(call)?.resolve(value);
    else this.pending.get(call)?.reject(new Error(error));
    this.pending.delete(call);
  }
}

interface Message {
  call?: number;
  value?: unknown;
  error?: string;
  emit?: EmitReport;
}

const idle: AppProcess[] = [];

const died: AppProcess[] = [];

/** A process that has loaded the package: one that is left over, or a new one. */
export async function takeProcess(): Promise<AppProcess> {
  for (let app = idle.pop(); app; app = idle.pop()) {
    if (app.alive) return app;
    died.push(app);
  }
  return AppProcess.fork();
}

/** Closes the app of a process that is whole and keeps it for the next; ends any other. */
export async function giveBackProcess(app: AppProcess): Promise<void> {
  const closed = await Promise.race([
    app.send('close').then(
      () => true,
      () => false,
    ),
    new Promise<false>((resolve) => setTimeout(resolve, 3_000, false).unref()),
  ]);
  if (closed && app.alive) idle.push(app);
  else await app.kill();
}

/** @throws Error where one ended by itself after its app had closed: something of that was still under way */
export async function endProcesses(): Promise<void> {
  const left = idle.splice(0);
  died.push(...left.filter(({ alive }) => !alive));
  await Promise.all(left.map((app) => app.kill()));
  const told = died.splice(0).map(({ endedError }) => endedError.message);
  if (told.length > 0) throw new Error(['Processes ended after their apps had closed:', ...told].join('\n'));
}
