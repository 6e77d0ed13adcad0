import { Inject, Injectable } from '@nestjs/common';
import { EmitsWebhook } from 'nestjs-webhooks';
import { DAY_MS, isoDate, startOfDay, startOfWeek } from '../common/time.js';
import type { DailySummary, WeeklySummary } from '../webhooks/analytics.events.js';
import { NumbersService } from './numbers.service.js';

type Arguments = [accountId: string, day: number, idempotencyKey?: string];

const accountOf = (_: unknown, ...[accountId]: Arguments): string => accountId;
const keyOf = (_: unknown, ...[, , idempotencyKey]: Arguments): string | undefined => idempotencyKey;

/** Idempotency keys make sure that each summary is sent once, however many processes create it. */
@Injectable()
export class SummariesService {
  constructor(@Inject(NumbersService) private readonly numbers: NumbersService) {}

  /** Covers the day in UTC that contains `day` (epoch ms). */
  @EmitsWebhook('analytics.daily_summary', { tenant: accountOf, idempotencyKey: keyOf })
  async daily(...[accountId, day]: Arguments): Promise<DailySummary> {
    const from = startOfDay(day);
    return { date: isoDate(from), ...(await this.numbers.count(accountId, { from, to: from + DAY_MS })) };
  }

  /** Covers the week, Monday to Sunday in UTC, that contains `day` (epoch ms). */
  @EmitsWebhook('analytics.weekly_summary', { tenant: accountOf, idempotencyKey: keyOf })
  async weekly(...[accountId, day]: Arguments): Promise<WeeklySummary> {
    const from = startOfWeek(day);
    const week = { from, to: from + 7 * DAY_MS };
    const [top] = await this.numbers.engagementsByPost(accountId, week);
    return {
      week_start: isoDate(from),
      week_end: isoDate(week.to - DAY_MS),
      ...(await this.numbers.count(accountId, week)),
      top_post_id: top?.postId ?? null,
    };
  }
}
