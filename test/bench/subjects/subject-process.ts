// One subject in a process of its own, driven over IPC.
import 'reflect-metadata';
import { serve } from '../harness/rpc.js';
import { bareApp } from './bare.app.js';
import { closedLoop, openLoop, type ClosedLoad, type OpenLoad } from './load.js';
import { countSql, sqlStatements } from './sql-counter.js';
import { TENANT_NAMES, type SubjectApp, type SubjectConfig } from './subject-app.js';

/** What a process has used since it started. */
export interface Usage {
  readonly cpuUs: number;
  readonly statements: number;
  readonly rssMib: number;
  readonly heapMib: number;
}

const MIB = 2 ** 20;

let app: SubjectApp;
let called = 0;

/** Only what is asked for is loaded, so that none carries another's libraries in its memory. */
async function load(config: SubjectConfig): Promise<SubjectApp> {
  if (config.kind === 'bare') return bareApp();
  if (config.kind === 'ours') return (await import('./ours.app.js')).oursApp(config);
  return (await import('../plain/plain.app.js')).plainApp(config);
}

const commands = {
  start: async (config: SubjectConfig): Promise<void> => {
    if (config.database) countSql(config.database.type);
    app = await load(config);
  },
  /** Gives every tenant `each` endpoints. */
  addEndpoints: async ({ url, each }: { url: string; each: number }): Promise<void> => {
    for (const tenant of TENANT_NAMES) {
      for (let n = 0; n < each; n++) await app.addEndpoint(tenant, `${url}/${tenant}/${n}`);
    }
  },
  /** Gives the milliseconds that it took. */
  repeat: ({ operation, ...load }: ClosedLoad): Promise<number> => {
    const first = called;
    called += load.times;
    const run = operation === 'emit' ? app.emit : app.operations[operation];
    if (!run) throw new Error(`There is no operation ${operation} here.`);
    return closedLoop(run, load, first);
  },
  emitPaced: (load: OpenLoad): Promise<[id: string, dueAt: number][]> => openLoop(app.emit, load),
  usage: (options: { collect?: boolean }): Usage => {
    // A collection gives the young generation back to the system, which takes it again at the next load.
    const { rss } = process.memoryUsage();
    if (options.collect) globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { heapUsed } = process.memoryUsage();
    return {
      cpuUs: user + system,
      statements: sqlStatements(),
      rssMib: rss / MIB,
      heapMib: heapUsed / MIB,
    };
  },
};

export type SubjectCommands = typeof commands;

serve(commands);
