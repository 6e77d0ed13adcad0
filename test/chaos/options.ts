import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { daily, IS_FULL_RUN } from '../support/daily.js';
import { MARIADB_BULL, MYSQL, POSTGRES, POSTGRES_BULL, SQLITE, type Stack } from './scenario.js';

/** `npm run test:all` runs the same scenarios with more rounds and more events, and on more databases and queues. */
export const LONG = IS_FULL_RUN;

/** `short` in `npm test`, `long` in `npm run test:all`. */
export const volume = (short: number, long: number): number => (LONG ? long : short);

const SCHEDULE = ['500ms', '1s', '2s', '4s'] as const;

/** Of a delivery that nobody ever answers well. */
export const ATTEMPTS = 1 + SCHEDULE.length;

/** Real processes in real time: leases of three seconds instead of thirty. */
export const FAST: Partial<WebhooksModuleOptions> = {
  events: { 'post.published': {}, 'post.created': {} },
  network: { allowHttp: true, allowPrivateNetworks: true },
  delivery: { timeout: '1s', lease: '3s', pollInterval: '100ms' },
  retry: { schedule: SCHEDULE },
};

/** For faults that have nothing to do with the dialect. */
export const EVERYWHERE: readonly Stack[] = daily([POSTGRES_BULL, SQLITE], POSTGRES, MARIADB_BULL, MYSQL);
