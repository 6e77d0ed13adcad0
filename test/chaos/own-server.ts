import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The parts of scripts/lib that start servers for `npm test`. */
interface ServerKind {
  readonly name: string;
  url(port: number): string;
  find(): object | undefined;
  prepare(programs: object, folder: string): Promise<{ forceSignal?: NodeJS.Signals }>;
  command(programs: object, folder: string, port: string): [string, ...string[]];
  answers(port: number): Promise<boolean>;
}
interface Started {
  readonly child: { readonly pid?: number };
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

/** The servers of `npm test` lose the last commits in a crash. These must not. */
const DURABLE: Readonly<Record<string, string[]>> = {
  PostgreSQL: ['-c', 'synchronous_commit=on'],
  MariaDB: ['--innodb-flush-log-at-trx-commit=1'],
  MySQL: ['--innodb-flush-log-at-trx-commit=1', '--innodb-doublewrite=ON'],
};

const script = <Module>(name: string): Promise<Module> =>
  import(new URL(`../../scripts/lib/${name}.mjs`, import.meta.url).href) as Promise<Module>;

/** A server of one scenario's own, which it may kill, and start again on the same port and data. */
export class OwnServer {
  private running: Started | undefined;

  private constructor(
    private readonly kind: ServerKind,
    private readonly folder: string,
    private readonly port: number,
    private readonly programs: object,
    private readonly options: { forceSignal?: NodeJS.Signals },
  ) {}

  static async start(
    name: 'Redis' | 'PostgreSQL' | 'MariaDB' | 'MySQL',
    ...more: string[]
  ): Promise<OwnServer> {
    const { serverKinds } = await script<{ serverKinds: ServerKind[] }>('server-kinds');
    const { freePorts } = await script<{ freePorts(count: number): Promise<number[]> }>('network');
    const kind = serverKinds.find((one) => one.name === name)!;
    const programs = kind.find();
    if (!programs) throw new Error(`${name} has to be on this machine: npm test installs it with apt`);
    const parent = mkdtempSync(join(tmpdir(), 'webhooks-chaos-'));
    chmodSync(parent, 0o755);
    const folder = join(parent, 'data');
    const options = await kind.prepare(programs, folder);
    const [port] = await freePorts(1);
    const server = new OwnServer(kind, folder, port!, programs, options);
    await server.up(...more);
    return server;
  }

  get url(): string {
    return this.kind.url(this.port);
  }

  /** Starts it and waits until it takes queries. `more` comes after the options of its kind. */
  async up(...more: string[]): Promise<void> {
    const { start } = await script<{
      start(file: string, args: string[], options: object): Started;
    }>('processes');
    const { waitUntil } = await script<{
      waitUntil(ready: () => Promise<boolean>, options: object): Promise<boolean>;
    }>('network');
    const [file, ...args] = this.kind.command(this.programs, this.folder, String(this.port));
    more.unshift(...(DURABLE[this.kind.name] ?? []));
    this.running = start(file, [...args, ...more], { cwd: this.folder, stdio: 'ignore', ...this.options });
    const ready = await waitUntil(() => this.kind.answers(this.port), { timeoutMs: 30_000 });
    if (!ready) throw new Error(`${this.kind.name} did not start.`);
  }

  /** It ends at once, as in a crash. */
  async kill(): Promise<void> {
    const { pid } = this.running!.child;
    // Backends of PostgreSQL outlive a SIGKILL of their parent for a moment, and keep a new one from starting.
    if (pid) process.kill(-pid, this.options.forceSignal ?? 'SIGKILL');
    await this.running!.exited;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    rmSync(join(this.folder, '..'), { recursive: true, force: true, maxRetries: 5 });
  }
}
