import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { redisFor } from '../../support/redis.js';
import type { SubjectConfig } from '../subjects/subject-app.js';
import type { SubjectCommands, Usage } from '../subjects/subject-process.js';
import type { DatabaseName, SubjectName } from '../options.js';
import { BenchDatabase } from './bench-database.js';
import { Remote } from './rpc.js';

const SCRIPT = new URL('../subjects/subject-process.js', import.meta.url);

interface Kind {
  readonly title: string;
  readonly kind: SubjectConfig['kind'];
  readonly bull: boolean;
  readonly processes: number;
  /** Whether the first process only emits, so that all goes to another one over Redis. */
  readonly emitsApart?: boolean;
}

export const KINDS: Readonly<Record<SubjectName, Kind>> = {
  a: { title: 'bare HTTP', kind: 'bare', bull: false, processes: 1 },
  b: { title: 'plain', kind: 'plain', bull: true, processes: 1 },
  f: { title: 'plain, in bulk', kind: 'plain', bull: true, processes: 1 },
  c: { title: 'ours, Bull', kind: 'ours', bull: true, processes: 1 },
  d: { title: 'ours, in-process', kind: 'ours', bull: false, processes: 1 },
  e: { title: 'ours, Bull, two workers', kind: 'ours', bull: true, processes: 2 },
  g: { title: 'ours, Bull, a worker apart', kind: 'ours', bull: true, processes: 2, emitsApart: true },
};

/** How the rows of a subject tell that all is done. Both of the look-ups are by an index. */
const ROWS = {
  ours: {
    pending: `SELECT id FROM webhook_deliveries WHERE status = 'pending' AND next_attempt_at > 0 LIMIT 1`,
    succeeded: `webhook_deliveries WHERE status = 'succeeded'`,
  },
  plain: {
    pending: `SELECT id FROM webhook_delivery WHERE status = 'pending' LIMIT 1`,
    succeeded: `webhook_delivery WHERE status = 'succeeded'`,
  },
} as const;

export interface SubjectOptions {
  readonly database: DatabaseName;
  /** A database that is there already, and outlives the subject. */
  readonly on?: BenchDatabase;
  /** Another number of processes than its kind has. */
  readonly processes?: number;
  readonly worker?: boolean;
  /** Where the main process leaves its CPU profile. */
  readonly profile?: string | undefined;
}

/** One of what is compared: its processes, and its own database and queue. */
export class Subject {
  private constructor(
    readonly name: SubjectName,
    readonly database: BenchDatabase | undefined,
    readonly processes: readonly Remote<SubjectCommands>[],
    private readonly ownsDatabase: boolean,
  ) {}

  static async start(name: SubjectName, options: SubjectOptions): Promise<Subject> {
    const { kind, bull, emitsApart = false } = KINDS[name];
    const database =
      kind === 'bare' ? undefined : (options.on ?? (await BenchDatabase.create(options.database)));
    const config: SubjectConfig = {
      kind,
      ...(database && { database: database.options }),
      inBulk: name === 'f',
      ...(bull && { redis: redisFor(`{bench-${randomBytes(4).toString('hex')}}`) }),
      worker: options.worker ?? true,
    };
    const { processes = KINDS[name].processes } = options;
    const remotes: Remote<SubjectCommands>[] = [];
    // One after the other: the first one makes the tables.
    for (let n = 0; n < processes; n++) {
      const execArgv = [
        '--enable-source-maps',
        '--expose-gc',
        ...(n === (emitsApart ? 1 : 0) ? profiling(name, options) : []),
      ];
      const remote = Remote.fork<SubjectCommands>(SCRIPT, { execArgv });
      await remote.call('start', emitsApart && n === 0 ? { ...config, worker: false } : config);
      remotes.push(remote);
    }
    return new Subject(name, database, remotes, options.on === undefined);
  }

  /** The one that emits. */
  get main(): Remote<SubjectCommands> {
    return this.processes[0]!;
  }

  /** Of all of its processes together. */
  async usage(options: { collect?: boolean } = {}): Promise<Usage> {
    const usages = await Promise.all(this.processes.map((remote) => remote.call('usage', options)));
    const sum = (of: keyof Usage): number => usages.reduce((total, usage) => total + usage[of], 0);
    return {
      cpuUs: sum('cpuUs'),
      statements: sum('statements'),
      rssMib: sum('rssMib'),
      heapMib: sum('heapMib'),
    };
  }

  /** Resolves when no delivery is pending any more. */
  async recorded(): Promise<void> {
    if (!this.database) return;
    while ((await this.database.query(this.rows.pending)).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async succeeded(): Promise<number> {
    return this.database ? this.database.count(this.rows.succeeded) : 0;
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((remote) => remote.end()));
    if (this.ownsDatabase) await this.database?.drop();
  }

  private get rows(): { readonly pending: string; readonly succeeded: string } {
    return KINDS[this.name].kind === 'plain' ? ROWS.plain : ROWS.ours;
  }
}

function profiling(name: SubjectName, { profile, database }: SubjectOptions): string[] {
  if (profile === undefined) return [];
  mkdirSync(profile, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}-${database}.cpuprofile`];
}
