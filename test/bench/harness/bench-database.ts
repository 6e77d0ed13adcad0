import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { createDatabase } from '../../support/databases.js';
import type { DatabaseName } from '../options.js';
import { serverCpuUs } from './server-cpu.js';

const PIDS = JSON.parse(process.env.BENCH_SERVER_PIDS ?? '{}') as Record<string, number | undefined>;

const SERVERS = { postgres: 'PostgreSQL', mysql: 'MariaDB' } as const;

/** CPU time of Redis in µs, where it can be known. */
export const redisCpuUs = (): number | undefined => serverCpuUs(PIDS.Redis);

/** A subject's own database, seen from outside. */
export class BenchDatabase {
  private constructor(
    readonly name: DatabaseName,
    readonly options: DataSourceOptions,
    private readonly dropDatabase: () => Promise<void>,
    private inspection: DataSource | undefined,
  ) {}

  static async create(name: DatabaseName): Promise<BenchDatabase> {
    if (name === 'sqlite') {
      const folder = mkdtempSync(join(tmpdir(), 'webhooks-bench-'));
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      const database = join(folder, 'bench.sqlite');
      const options = { type: 'better-sqlite3', database, enableWAL: true } as const;
      return new BenchDatabase(name, options, async () => undefined, undefined);
    }
    const { options, drop } = await createDatabase(name === 'mysql' ? 'mariadb' : name);
    return new BenchDatabase(name, options, drop, undefined);
  }

  /** CPU time of its server in µs; `undefined` where it can't be known, or is the app's own. */
  cpuUs(): number | undefined {
    return this.name === 'sqlite' ? undefined : serverCpuUs(PIDS[SERVERS[this.name]]);
  }

  async query<Row>(sql: string): Promise<Row[]> {
    this.inspection ??= await new DataSource(this.options).initialize();
    return this.inspection.query<Row[]>(sql);
  }

  async count(sql: string): Promise<number> {
    const [row] = await this.query<{ n: string | number }>(`SELECT COUNT(*) AS n FROM ${sql}`);
    return Number(row!.n);
  }

  async drop(): Promise<void> {
    await this.inspection?.destroy();
    await this.dropDatabase();
  }
}
