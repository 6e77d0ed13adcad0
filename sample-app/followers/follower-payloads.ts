import { isoTime } from '../common/time.js';
import type { FollowerGained, FollowerLost } from '../webhooks/engagement.events.js';
import type { Follower } from './follower.entity.js';

/** A follower who came or went, and the platform's number of followers after that. */
export interface FollowerChange {
  readonly follower: Follower;
  readonly followerCount: number;
}

export const toFollowerGained = ({ follower, followerCount }: FollowerChange): FollowerGained => ({
  follower_id: follower.id,
  platform: follower.platform,
  username: follower.username,
  follower_count: followerCount,
  followed_at: isoTime(follower.followedAt),
});

export const toFollowerLost = ({ follower, followerCount }: FollowerChange): FollowerLost => ({
  follower_id: follower.id,
  platform: follower.platform,
  username: follower.username,
  follower_count: followerCount,
  unfollowed_at: isoTime(follower.lostAt ?? Date.now()),
});
