import type { OnModuleDestroy } from '@nestjs/common';
import { systemClock, type WebhookClock } from '../domain/clock.js';
import type { WebhooksDatabase } from './sql/webhooks-database.js';

const MEASURE_EVERY_MS = 30_000;

/** The server's time in whole milliseconds. UTC throughout: a session's time zone has hours that come twice. */
const NOW = {
  postgres: 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000) AS now',
  mysql: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000 AS now",
};

type Database = Pick<WebhooksDatabase, 'primary' | 'isPostgres' | 'isMysql'>;

/**
 * The clock of the database server, which is one for all processes: a lease ends, and an attempt is due, at the same
 * moment for each of them, however wrong the clocks of their machines are. It is this machine's clock plus an offset
 * that one statement measures now and then, so telling the time costs nothing.
 */
export class DatabaseClock implements WebhookClock, OnModuleDestroy {
  private offsetMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly machine: WebhookClock,
  ) {}

  /** The clock to use with `database`. The processes on one SQLite file are on one machine, and share its clock. */
  static async of(database: Database, machine: WebhookClock): Promise<WebhookClock> {
    if (!database.isPostgres && !database.isMysql) return systemClock;
    const clock = new DatabaseClock(database, machine);
    await clock.measure();
    // While the database is away, the offset is what it was.
    clock.timer = setInterval(() => void clock.measure().catch(() => undefined), MEASURE_EVERY_MS).unref();
    return clock;
  }

  now(): number {
    return this.machine.now() + this.offsetMs;
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /**
   * The server read its clock after `sent` and before `received`, however long either way took: that bounds the offset,
   * and one within the bounds stays as it is. So a machine that is right is left alone, and no delay shifts the time.
   */
  async measure(): Promise<void> {
    const sql = this.database.isPostgres ? NOW.postgres : NOW.mysql;
    const sent = this.machine.now();
    const [row] = (await this.database.primary.query(sql)) as [{ now: string | number }];
    const received = this.machine.now();
    const server = Number(row.now);
    this.offsetMs = Math.min(Math.max(this.offsetMs, server - received), server - sent);
  }
}
