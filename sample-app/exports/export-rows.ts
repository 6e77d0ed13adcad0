import { IsNull, type EntityManager } from 'typeorm';
import { isoTime } from '../common/time.js';
import { Follower } from '../followers/follower.entity.js';
import { Post } from '../posts/post.entity.js';
import type { Resource } from './resources.js';

export const COLUMNS: Readonly<Record<Resource, readonly string[]>> = {
  posts: ['id', 'platform', 'content', 'status', 'url', 'likes', 'comments', 'shares', 'published_at'],
  followers: ['id', 'platform', 'username', 'followed_at'],
};

/** The columns that an import reads. */
export async function exportRows(
  manager: EntityManager,
  accountId: string,
  resource: Resource,
): Promise<Record<string, string | number | null>[]> {
  if (resource === 'followers') {
    const followers = await manager.find(Follower, {
      where: { accountId, lostAt: IsNull() },
      order: { followedAt: 'ASC' },
    });
    return followers.map(({ id, platform, username, followedAt }) => ({
      id,
      platform,
      username,
      followed_at: isoTime(followedAt),
    }));
  }
  const posts = await manager.find(Post, { where: { accountId }, order: { createdAt: 'ASC' } });
  return posts.map(({ id, platform, content, status, url, likes, comments, shares, publishedAt }) => ({
    id,
    platform,
    content,
    status,
    url,
    likes,
    comments,
    shares,
    published_at: publishedAt === null ? null : isoTime(publishedAt),
  }));
}
