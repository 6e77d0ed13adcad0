import { IS_FULL_RUN } from './daily.js';
import type { DatabaseKind } from './databases.js';
import type { SendingAppOptions } from './sending-app.js';

const ALL = [
  { name: 'SQLite and the in-process queue', database: 'sqlite', queue: 'in-process' },
  { name: 'PostgreSQL and Bull', database: 'postgres', queue: 'bull' },
  { name: 'MariaDB and Bull', database: 'mariadb', queue: 'bull' },
  { name: 'MySQL and the in-process queue', database: 'mysql', queue: 'in-process' },
] as const satisfies readonly (SendingAppOptions & { name: string })[];

const named = process.env['TEST_DATABASES']?.split(',');

/**
 * The stacks on which every end-to-end suite of the main path runs. TEST_DATABASES names some of them for a
 * shorter run.
 */
export const STACKS = ALL.filter(({ database }) => named?.includes(database) ?? true);

const daily = (...kinds: DatabaseKind[]): typeof STACKS =>
  STACKS.filter(({ database }) => IS_FULL_RUN || kinds.includes(database));

/** One stack for each dialect of our SQL (MariaDB and MySQL share one); with TEST_FULL=1 all stacks. */
export const STACKS_BY_DIALECT = daily('sqlite', 'postgres', 'mysql');

/**
 * One stack for each kind of queue, for behaviour that does not depend on the dialect; with TEST_FULL=1 all
 * stacks.
 */
export const STACKS_BY_QUEUE = daily('sqlite', 'postgres');
