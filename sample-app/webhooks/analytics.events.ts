import { IsInt, IsISO8601, IsOptional, IsString, Min } from 'class-validator';
import type { WebhookEventCatalogueOptions } from 'nestjs-webhooks';

/** The counts of a period. `followers` is the number at its end. */
export class SummaryCounts {
  @IsInt()
  @Min(0)
  posts_published!: number;

  @IsInt()
  @Min(0)
  likes!: number;

  @IsInt()
  @Min(0)
  comments!: number;

  @IsInt()
  @Min(0)
  shares!: number;

  @IsInt()
  @Min(0)
  followers_gained!: number;

  @IsInt()
  @Min(0)
  followers_lost!: number;

  @IsInt()
  @Min(0)
  followers!: number;

  @IsInt()
  @Min(0)
  messages_received!: number;
}

export class DailySummary extends SummaryCounts {
  /** A day in UTC: `2023-05-15`. */
  @IsISO8601()
  date!: string;
}

export class WeeklySummary extends SummaryCounts {
  /** Monday to Sunday, both included. */
  @IsISO8601()
  week_start!: string;

  @IsISO8601()
  week_end!: string;

  /** The post with the most engagements of the week. */
  @IsOptional()
  @IsString()
  top_post_id!: string | null;
}

export class TrendDetected {
  /** A hashtag. */
  @IsString()
  topic!: string;

  /** Engagements with posts that have the hashtag, in the last 24 hours and in the 24 hours before. */
  @IsInt()
  @Min(1)
  engagements!: number;

  @IsInt()
  @Min(0)
  previous_engagements!: number;

  @IsString({ each: true })
  post_ids!: string[];

  @IsISO8601()
  detected_at!: string;
}

const group = 'Analytics';
const counts: SummaryCounts = {
  posts_published: 3,
  likes: 240,
  comments: 31,
  shares: 12,
  followers_gained: 18,
  followers_lost: 2,
  followers: 1205,
  messages_received: 7,
};

export const analyticsEvents: WebhookEventCatalogueOptions = {
  'analytics.daily_summary': {
    group,
    description: 'Triggered when daily analytics are compiled',
    payload: DailySummary,
    example: { date: '2023-05-15', ...counts },
  },
  'analytics.weekly_summary': {
    group,
    description: 'Triggered when weekly analytics are compiled',
    payload: WeeklySummary,
    example: { week_start: '2023-05-08', week_end: '2023-05-14', ...counts, top_post_id: 'post_123' },
  },
  'analytics.trend_detected': {
    group,
    description: 'Triggered when a significant trend is detected',
    payload: TrendDetected,
    example: {
      topic: '#coffee',
      engagements: 84,
      previous_engagements: 20,
      post_ids: ['post_123'],
      detected_at: '2023-05-15T14:22:30Z',
    },
  },
};
