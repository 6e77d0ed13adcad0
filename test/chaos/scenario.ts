import type { DatabaseKind } from '../support/databases.js';
import type { ChaosRun } from './chaos-run.js';

export interface Stack {
  readonly name: string;
  readonly database: DatabaseKind;
  readonly queue: 'bull' | 'bullmq' | 'in-process';
}

export const POSTGRES_BULL: Stack = { name: 'PostgreSQL, Bull', database: 'postgres', queue: 'bull' };
export const POSTGRES_BULLMQ: Stack = { name: 'PostgreSQL, BullMQ', database: 'postgres', queue: 'bullmq' };
export const POSTGRES: Stack = { name: 'PostgreSQL, in-process', database: 'postgres', queue: 'in-process' };
export const MARIADB_BULL: Stack = { name: 'MariaDB, Bull', database: 'mariadb', queue: 'bull' };
export const MARIADB: Stack = { name: 'MariaDB, in-process', database: 'mariadb', queue: 'in-process' };
export const MYSQL_BULL: Stack = { name: 'MySQL, Bull', database: 'mysql', queue: 'bull' };
export const MYSQL: Stack = { name: 'MySQL, in-process', database: 'mysql', queue: 'in-process' };
export const SQLITE: Stack = { name: 'SQLite, in-process', database: 'sqlite', queue: 'in-process' };

export interface Scenario {
  /** What happens, as a sentence's end: "loses nothing when …". */
  readonly name: string;
  readonly stacks: readonly Stack[];
  /** Whether an endpoint may get an event more than once, beside the attempts that are recorded. */
  readonly allowsDuplicates: boolean;
  readonly pruned?: boolean;
  /** Takes the whole machine in a long run, and runs by itself there. */
  readonly heavy?: boolean;
  /** How long what is left may take, in ms. Default: one minute, five in a long run. */
  readonly settlesIn?: number;
  /** Brings the trouble about, and takes it away. What is left then has to be delivered. */
  run(chaos: ChaosRun): Promise<void>;
}
