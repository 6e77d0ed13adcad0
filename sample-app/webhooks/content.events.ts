import { IsIn, IsInt, IsISO8601, IsString, IsUrl, Min } from 'class-validator';
import type { WebhookEventCatalogueOptions } from 'nestjs-webhooks';
import { PLATFORM_TYPES, type PlatformType } from '../platforms/platform-types.js';
import { POST_MILESTONE_REACHED, type PostMilestoneReached } from '../posts/post-events.js';
import { toPostMilestone } from '../posts/post-payloads.js';

class AboutPost {
  @IsString()
  post_id!: string;

  @IsIn(PLATFORM_TYPES)
  platform!: PlatformType;
}

export class PostCreated extends AboutPost {
  @IsString()
  content!: string;

  @IsISO8601()
  created_at!: string;
}

export class PostPublished extends AboutPost {
  @IsString()
  content!: string;

  @IsUrl()
  url!: string;

  @IsISO8601()
  published_at!: string;
}

/** The counts are the post's totals. */
export class PostEngagement extends AboutPost {
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
  @Min(1)
  total!: number;
}

export class PostMilestone extends AboutPost {
  @IsIn(['engagements'])
  metric!: 'engagements';

  @IsInt()
  @Min(10)
  milestone!: number;

  @IsISO8601()
  reached_at!: string;
}

const group = 'Content';
const post = { post_id: 'post_123', platform: 'twitter' };
const content = 'Check out our new product!';

export const contentEvents: WebhookEventCatalogueOptions = {
  'post.created': {
    group,
    description: 'Triggered when new content is created',
    payload: PostCreated,
    example: { ...post, content, created_at: '2023-05-15T14:20:00Z' },
  },
  'post.published': {
    group,
    description: 'Triggered when content is published',
    payload: PostPublished,
    example: {
      ...post,
      content,
      url: 'https://twitter.com/your_account/status/123456',
      published_at: '2023-05-15T14:22:00Z',
    },
  },
  'post.engagement': {
    group,
    description: 'Triggered when content receives significant engagement',
    payload: PostEngagement,
    example: { ...post, likes: 120, comments: 14, shares: 6, total: 140 },
  },
  'post.milestone': {
    group,
    description: 'Triggered when content reaches an engagement milestone',
    payload: PostMilestone,
    example: { ...post, metric: 'engagements', milestone: 100, reached_at: '2023-05-16T09:01:12Z' },
    on: {
      on: POST_MILESTONE_REACHED,
      data: toPostMilestone,
      tenant: ({ post }: PostMilestoneReached) => post.accountId,
      manager: ({ manager }: PostMilestoneReached) => manager,
    },
  },
};
