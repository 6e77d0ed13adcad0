import { Body, Controller, Get, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { AccountGuard } from '../accounts/account.guard.js';
import { DAY_MS, startOfDay } from '../common/time.js';
import type {
  DailySummary,
  SummaryCounts,
  TrendDetected,
  WeeklySummary,
} from '../webhooks/analytics.events.js';
import { NumbersService } from './numbers.service.js';
import { RunAnalyticsDto } from './run-analytics.dto.js';
import { SummariesService } from './summaries.service.js';
import { TrendsService } from './trends.service.js';

@Controller('analytics')
@UseGuards(AccountGuard)
export class AnalyticsController {
  constructor(
    @Inject(NumbersService) private readonly numbers: NumbersService,
    @Inject(SummariesService) private readonly summaries: SummariesService,
    @Inject(TrendsService) private readonly trends: TrendsService,
  ) {}

  /** The last seven days, including today. */
  @Get('overview')
  overview(@AccountId() accountId: string): Promise<SummaryCounts> {
    const to = startOfDay(Date.now()) + DAY_MS;
    return this.numbers.count(accountId, { from: to - 7 * DAY_MS, to });
  }

  /** Runs the nightly schedule now, for today and this week so far. */
  @Post('run')
  @HttpCode(200)
  run(
    @AccountId() accountId: string,
    @Body() { kind }: RunAnalyticsDto,
  ): Promise<DailySummary | WeeklySummary | TrendDetected[]> {
    const now = Date.now();
    switch (kind) {
      case 'daily':
        return this.summaries.daily(accountId, now);
      case 'weekly':
        return this.summaries.weekly(accountId, now);
      case 'trends':
        return this.trends.detect(accountId, now);
    }
  }
}
