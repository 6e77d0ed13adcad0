import { isoTime } from '../common/time.js';
import type {
  PostCreated,
  PostEngagement,
  PostMilestone,
  PostPublished,
} from '../webhooks/content.events.js';
import type { EngagementReceived } from '../webhooks/engagement.events.js';
import { totalEngagements } from './engagement-totals.js';
import type { PostCountsChanged, PostEngaged, PostMilestoneReached } from './post-events.js';
import type { Post } from './post.entity.js';

export const toPostCreated = ({ id, platform, content, createdAt }: Post): PostCreated => ({
  post_id: id,
  platform,
  content,
  created_at: isoTime(createdAt),
});

export const toPostPublished = (post: Post, url: string, publishedAt: number): PostPublished => ({
  post_id: post.id,
  platform: post.platform,
  content: post.content,
  url,
  published_at: isoTime(publishedAt),
});

export const toPostEngagement = ({ post }: PostCountsChanged): PostEngagement => ({
  post_id: post.id,
  platform: post.platform,
  likes: post.likes,
  comments: post.comments,
  shares: post.shares,
  total: totalEngagements(post),
});

export const toPostMilestone = ({ post, milestone }: PostMilestoneReached): PostMilestone => ({
  post_id: post.id,
  platform: post.platform,
  metric: 'engagements',
  milestone,
  reached_at: isoTime(Date.now()),
});

export const toEngagementReceived = ({ engagement, post }: PostEngaged): EngagementReceived => ({
  engagement_id: engagement.id,
  post_id: post.id,
  platform: post.platform,
  username: engagement.username,
  kind: engagement.kind,
  content: engagement.content,
  received_at: isoTime(engagement.createdAt),
});
