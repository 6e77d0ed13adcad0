import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Min } from 'class-validator';
import type { WebhookEventCatalogueOptions } from 'nestjs-webhooks';
import { PLATFORM_TYPES, type PlatformType } from '../platforms/platform-types.js';
import { ENGAGEMENT_KINDS, type EngagementKind } from '../posts/engagement-kinds.js';

class AboutPerson {
  @IsIn(PLATFORM_TYPES)
  platform!: PlatformType;

  /** The id of the person on the platform. */
  @IsString()
  username!: string;
}

export class FollowerGained extends AboutPerson {
  @IsString()
  follower_id!: string;

  /** The platform's number of followers now. */
  @IsInt()
  @Min(1)
  follower_count!: number;

  @IsISO8601()
  followed_at!: string;
}

export class FollowerLost extends AboutPerson {
  @IsString()
  follower_id!: string;

  @IsInt()
  @Min(0)
  follower_count!: number;

  @IsISO8601()
  unfollowed_at!: string;
}

export class EngagementReceived extends AboutPerson {
  @IsString()
  engagement_id!: string;

  @IsString()
  post_id!: string;

  @IsIn(ENGAGEMENT_KINDS)
  kind!: EngagementKind;

  /** The text of a comment. */
  @IsOptional()
  @IsString()
  content!: string | null;

  @IsISO8601()
  received_at!: string;
}

export class MessageReceived extends AboutPerson {
  @IsString()
  message_id!: string;

  @IsString()
  content!: string;

  @IsISO8601()
  received_at!: string;
}

const group = 'Engagement';
const person = { platform: 'instagram', username: 'jane.doe' };

export const engagementEvents: WebhookEventCatalogueOptions = {
  'follower.gained': {
    group,
    description: 'Triggered when a new follower is gained',
    payload: FollowerGained,
    example: {
      follower_id: 'fol_77b0',
      ...person,
      follower_count: 1205,
      followed_at: '2023-05-15T14:22:30Z',
    },
  },
  'follower.lost': {
    group,
    description: 'Triggered when a follower is lost',
    payload: FollowerLost,
    example: {
      follower_id: 'fol_77b0',
      ...person,
      follower_count: 1204,
      unfollowed_at: '2023-05-15T14:22:30Z',
    },
  },
  'engagement.received': {
    group,
    description: 'Triggered when engagement is received on your content',
    payload: EngagementReceived,
    example: {
      engagement_id: 'eng_0c52',
      post_id: 'post_123',
      ...person,
      kind: 'comment',
      content: 'Looks great!',
      received_at: '2023-05-15T14:22:30Z',
    },
  },
  'message.received': {
    group,
    description: 'Triggered when a direct message is received',
    payload: MessageReceived,
    example: {
      message_id: 'msg_e3a9',
      ...person,
      content: 'Do you ship abroad?',
      received_at: '2023-05-15T14:22:30Z',
    },
  },
};
