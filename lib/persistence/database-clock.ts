import type { OnModuleDestroy } from '@nestjs/common';
import { systemClock, type WebhookClock } from '../domain/clock.js';
import { inOwnContext } from '../domain/own-context.js';
import type { WebhooksDatabase } from './sql/webhooks-database.js';

const MEASURE_EVERY_MS = 30_000;
/** How often it checks whether the machine has slept, and by how much the two clocks then differ at least. */
const LOOK_EVERY_MS = 1_000;
const PARTED_MS = 500;

/** The server's time in whole milliseconds. In UTC, since the time zone of a session has hours that occur twice. */
const NOW = {
  postgres: 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000) AS now',
  mysql: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000 AS now",
};

type Database = Pick<WebhooksDatabase, 'primary' | 'isPostgres' | 'isMysql'>;

/**
 * The clock of the database server, which all processes share. So a lease ends and an attempt is due at the same moment
 * for each of them, however wrong the clocks of their machines are. It is this machine's clock plus an offset, so
 * reading it costs nothing. One statement measures the offset now and then. It measures again as soon as the system's
 * clock and the steady one drift apart: the steady clock stops while a machine sleeps, and somebody may set the
 * system's.
 */
export class DatabaseClock implements WebhookClock, OnModuleDestroy {
  private offsetMs = 0;
  private measuredAt = -Infinity;
  /** How far the system's clock was ahead of the steady one when the offset was measured. */
  private systemAheadMs = 0;
  private measuring = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly machine: WebhookClock,
  ) {}

  /** The clock for `database`. All processes on one SQLite file are on one machine, and use its clock. */
  static async of(database: Database, machine: WebhookClock): Promise<WebhookClock> {
    if (!database.isPostgres && !database.isMysql) return systemClock;
    const clock = new DatabaseClock(database, machine);
    await clock.measure();
    clock.timer = setInterval(() => clock.look(), LOOK_EVERY_MS).unref();
    return clock;
  }

  now(): number {
    const machine = this.machine.now();
    if (Math.abs(systemClock.now() - machine - this.systemAheadMs) > PARTED_MS) this.measureSoon();
    return machine + this.offsetMs;
  }

  private look(): void {
    if (performance.now() - this.measuredAt >= MEASURE_EVERY_MS) this.measureSoon();
    else this.now();
  }

  private measureSoon(): void {
    if (this.measuring) return;
    this.measuring = true;
    // While the database is down, which the relay logs, the offset stays as it is.
    inOwnContext(() => this.measure())
      .catch(() => undefined)
      .finally(() => (this.measuring = false));
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /**
   * The server read its clock after `sent` and before `received`, however long either way took. That limits the offset;
   * an offset within the limits stays as it is. So a machine with the right time is left alone, and no delay shifts the
   * time.
   */
  async measure(): Promise<void> {
    const sql = this.database.isPostgres ? NOW.postgres : NOW.mysql;
    const sent = this.machine.now();
    const systemAheadMs = systemClock.now() - sent;
    const [row] = (await this.database.primary.query(sql)) as [{ now: string | number }];
    const received = this.machine.now();
    const server = Number(row.now);
    this.offsetMs = Math.min(Math.max(this.offsetMs, server - received), server - sent);
    this.systemAheadMs = systemAheadMs;
    this.measuredAt = performance.now();
  }
}
