import type { SendingAppOptions } from './sending-app.js';

const ALL = [
  { name: 'SQLite and the in-process queue', database: 'sqlite', queue: 'in-process' },
  { name: 'PostgreSQL and Bull', database: 'postgres', queue: 'bull' },
  { name: 'MariaDB and Bull', database: 'mariadb', queue: 'bull' },
  { name: 'MySQL and the in-process queue', database: 'mysql', queue: 'in-process' },
] as const satisfies readonly (SendingAppOptions & { name: string })[];

const named = process.env['TEST_DATABASES']?.split(',');

/**
 * What an app can run on: every end-to-end suite of the main path runs on each. TEST_DATABASES names those for a shorter
 * run.
 */
export const STACKS = ALL.filter(({ database }) => named?.includes(database) ?? true);
