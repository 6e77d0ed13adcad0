import { Inject, Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectDataSource } from '@nestjs/typeorm';
import { EmitsWebhook } from 'nestjs-webhooks';
import { DataSource, In } from 'typeorm';
import { DAY_MS, isoTime, type Period } from '../common/time.js';
import { Post } from '../posts/post.entity.js';
import type { TrendDetected } from '../webhooks/analytics.events.js';
import { hashtagsOf } from './hashtags.js';
import { NumbersService } from './numbers.service.js';

const TREND_DETECTED = 'trend.detected';
const LEAST_ENGAGEMENTS = 3;
const LEAST_GROWTH = 2;

interface DetectedTrend {
  readonly accountId: string;
  readonly trend: TrendDetected;
  readonly idempotencyKey: string | undefined;
}

interface Topic {
  engagements: number;
  readonly postIds: string[];
}

/** Finds hashtags with far more engagements than the day before, and emits an event. */
@Injectable()
@EmitsWebhook({
  on: TREND_DETECTED,
  type: 'analytics.trend_detected',
  data: ({ trend }: DetectedTrend) => trend,
  tenant: ({ accountId }: DetectedTrend) => accountId,
  idempotencyKey: ({ idempotencyKey }: DetectedTrend) => idempotencyKey,
})
export class TrendsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(NumbersService) private readonly numbers: NumbersService,
    @Inject(EventEmitter2) private readonly appEvents: EventEmitter2,
  ) {}

  /** The key makes sure that a topic is reported once, however often it is detected with that key. */
  async detect(
    accountId: string,
    now: number,
    keyOf: (topic: string) => string | undefined = () => undefined,
  ): Promise<TrendDetected[]> {
    const today = await this.topics(accountId, { from: now - DAY_MS, to: now + 1 });
    const yesterday = await this.topics(accountId, { from: now - 2 * DAY_MS, to: now - DAY_MS });
    const trends: TrendDetected[] = [];
    for (const [topic, { engagements, postIds }] of today) {
      const previous = yesterday.get(topic)?.engagements ?? 0;
      if (engagements < Math.max(LEAST_ENGAGEMENTS, LEAST_GROWTH * previous)) continue;
      trends.push({
        topic,
        engagements,
        previous_engagements: previous,
        post_ids: postIds,
        detected_at: isoTime(now),
      });
    }
    for (const trend of trends) {
      const detected: DetectedTrend = { accountId, trend, idempotencyKey: keyOf(trend.topic) };
      await this.appEvents.emitAsync(TREND_DETECTED, detected);
    }
    return trends;
  }

  private async topics(accountId: string, period: Period): Promise<Map<string, Topic>> {
    const counts = await this.numbers.engagementsByPost(accountId, period);
    const posts = await this.dataSource.manager.findBy(Post, { id: In(counts.map(({ postId }) => postId)) });
    const contents = new Map(posts.map(({ id, content }) => [id, content]));
    const topics = new Map<string, Topic>();
    for (const { postId, count } of counts) {
      for (const tag of hashtagsOf(contents.get(postId) ?? '')) {
        const topic = topics.get(tag) ?? { engagements: 0, postIds: [] };
        topic.engagements += count;
        topic.postIds.push(postId);
        topics.set(tag, topic);
      }
    }
    return topics;
  }
}
