import { newId } from '../common/id.js';
import type { Follower } from '../followers/follower.entity.js';
import type { Platform } from '../platforms/platform.entity.js';
import { postUrl } from '../posts/post-url.js';
import type { Post } from '../posts/post.entity.js';

export type Row = Readonly<Record<string, unknown>>;

/** `undefined` if the row has no content, or an invalid time. */
export function toPost(row: Row, platform: Platform, now: number): Post | undefined {
  const content = text(row.content, 5_000);
  const publishedAt = time(row.published_at);
  if (content === undefined || publishedAt === undefined) return undefined;
  const id = newId('post');
  return {
    id,
    accountId: platform.accountId,
    platformId: platform.id,
    platform: platform.type,
    content,
    status: publishedAt === null ? 'draft' : 'published',
    url: publishedAt === null ? null : postUrl(platform, id),
    likes: 0,
    comments: 0,
    shares: 0,
    createdAt: publishedAt ?? now,
    publishedAt,
  };
}

/** `undefined` if the row has no username, or an invalid time. */
export function toFollower(row: Row, platform: Platform, now: number): Follower | undefined {
  const username = text(row.username, 100);
  const followedAt = time(row.followed_at);
  if (username === undefined || followedAt === undefined) return undefined;
  return {
    id: newId('fol'),
    accountId: platform.accountId,
    platformId: platform.id,
    platform: platform.type,
    username,
    followedAt: followedAt ?? now,
    lostAt: null,
  };
}

function text(value: unknown, most: number): string | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  return trimmed !== '' && trimmed.length <= most && !trimmed.includes('\0') ? trimmed : undefined;
}

/** `null` if it is missing, `undefined` if it is invalid. */
function time(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
