import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { AccountsService } from '../accounts/accounts.service.js';
import { DAY_MS, isoDate } from '../common/time.js';
import { SummariesService } from './summaries.service.js';
import { TrendsService } from './trends.service.js';

/** Runs in every process. The idempotency keys make sure that each summary and trend is sent once. */
@Injectable()
export class AnalyticsSchedule {
  private readonly logger = new Logger('Analytics');

  constructor(
    @Inject(AccountsService) private readonly accounts: AccountsService,
    @Inject(SummariesService) private readonly summaries: SummariesService,
    @Inject(TrendsService) private readonly trends: TrendsService,
  ) {}

  @Cron('5 0 * * *', { timeZone: 'UTC' })
  async summariseYesterday(): Promise<void> {
    const day = Date.now() - DAY_MS;
    await this.forEachAccount((id) => this.summaries.daily(id, day, `daily-summary:${isoDate(day)}`));
  }

  @Cron('10 0 * * 1', { timeZone: 'UTC' })
  async summariseLastWeek(): Promise<void> {
    const day = Date.now() - 7 * DAY_MS;
    await this.forEachAccount((id) => this.summaries.weekly(id, day, `weekly-summary:${isoDate(day)}`));
  }

  /** Each topic is reported once a day. */
  @Cron('15 * * * *', { timeZone: 'UTC' })
  async detectTrends(): Promise<void> {
    const now = Date.now();
    await this.forEachAccount((id) =>
      this.trends.detect(id, now, (topic) => `trend:${isoDate(now)}:${topic}`),
    );
  }

  private async forEachAccount(work: (accountId: string) => Promise<unknown>): Promise<void> {
    for (const { id } of await this.accounts.all()) {
      // A failure for one account must not stop the others.
      await work(id).catch((error: Error) => this.logger.error(`${id}: ${error.message}`));
    }
  }
}
