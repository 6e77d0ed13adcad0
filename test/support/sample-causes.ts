import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Json, SampleClient } from './sample-client.js';

/**
 * The request that makes the sample app emit the type, and the expected data. The value of the first key is
 * unique.
 */
export interface SampleCause {
  readonly type: string;
  readonly cause: (client: SampleClient) => Promise<Json>;
}

const unique = (): string => randomBytes(4).toString('hex');
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown;
const like = { kind: 'like', username: 'jane' };

async function newPost(client: SampleClient, content = 'Hello'): Promise<string> {
  return client.publishPost(await client.connectPlatform(unique()), content);
}

async function newFollower(client: SampleClient): Promise<{ id: string; username: string }> {
  const platformId = await client.connectPlatform(unique());
  return client.do('POST', '/api/followers', { platformId, username: unique() });
}

export const SAMPLE_CAUSES: readonly SampleCause[] = [
  {
    type: 'platform.connected',
    cause: async (client) => {
      const username = unique();
      return { platform_id: await client.connectPlatform(username), platform_type: 'instagram', username };
    },
  },
  {
    type: 'platform.updated',
    cause: async (client) => {
      const [previous_username, username] = [unique(), unique()];
      const id = await client.connectPlatform(previous_username);
      await client.do('PATCH', `/api/platforms/${id}`, { username });
      return { platform_id: id, platform_type: 'instagram', username, previous_username, updated_at: time };
    },
  },
  {
    type: 'platform.disconnected',
    cause: async (client) => {
      const username = unique();
      const id = await client.connectPlatform(username);
      await client.do('DELETE', `/api/platforms/${id}`);
      return { platform_id: id, platform_type: 'instagram', username, disconnected_at: time };
    },
  },
  {
    type: 'post.created',
    cause: async (client) => {
      const platformId = await client.connectPlatform(unique());
      const content = 'Grüße, 世界 \u2028 "quoted" <b>\\</b>';
      const { id } = await client.do('POST', '/api/posts', { platformId, content });
      return { post_id: id, platform: 'instagram', content, created_at: time };
    },
  },
  {
    type: 'post.published',
    cause: async (client) => {
      const platformId = await client.connectPlatform(unique());
      const { id } = await client.do('POST', '/api/posts', { platformId, content: 'Out now' });
      const { url } = await client.do('POST', `/api/posts/${String(id)}/publish`);
      return { post_id: id, platform: 'instagram', content: 'Out now', url, published_at: time };
    },
  },
  {
    type: 'post.engagement',
    cause: async (client) => {
      const id = await newPost(client);
      await client.do('POST', `/api/posts/${id}/engagements`, { kind: 'share', username: 'jane' });
      return { post_id: id, platform: 'instagram', likes: 0, comments: 0, shares: 1, total: 1 };
    },
  },
  {
    type: 'engagement.received',
    cause: async (client) => {
      const id = await newPost(client);
      const comment = { kind: 'comment', username: 'jane', content: 'Looks great!' };
      await client.do('POST', `/api/posts/${id}/engagements`, comment);
      return {
        post_id: id,
        engagement_id: expect.stringMatching(/^eng_/),
        platform: 'instagram',
        ...comment,
        received_at: time,
      };
    },
  },
  {
    type: 'post.milestone',
    cause: async (client) => {
      const id = await newPost(client);
      for (let count = 0; count < 10; count++) await client.do('POST', `/api/posts/${id}/engagements`, like);
      return {
        post_id: id,
        platform: 'instagram',
        metric: 'engagements',
        milestone: 10,
        reached_at: time,
      };
    },
  },
  {
    type: 'analytics.daily_summary',
    cause: async (client) => client.do('POST', '/api/analytics/run', { kind: 'daily' }),
  },
  {
    type: 'analytics.weekly_summary',
    cause: async (client) => client.do('POST', '/api/analytics/run', { kind: 'weekly' }),
  },
  {
    type: 'analytics.trend_detected',
    cause: async (client) => {
      const topic = `#coffee${unique()}`;
      const id = await newPost(client, `A new roast! ${topic}`);
      for (let count = 0; count < 3; count++) await client.do('POST', `/api/posts/${id}/engagements`, like);
      await client.do('POST', '/api/analytics/run', { kind: 'trends' });
      return { topic, engagements: 3, previous_engagements: 0, post_ids: [id], detected_at: time };
    },
  },
  {
    type: 'follower.gained',
    cause: async (client) => {
      const { id, username } = await newFollower(client);
      return { follower_id: id, platform: 'instagram', username, follower_count: 1, followed_at: time };
    },
  },
  {
    type: 'follower.lost',
    cause: async (client) => {
      const { id, username } = await newFollower(client);
      await client.do('DELETE', `/api/followers/${username}`);
      return { follower_id: id, platform: 'instagram', username, follower_count: 0, unfollowed_at: time };
    },
  },
  {
    type: 'message.received',
    cause: async (client) => {
      const platformId = await client.connectPlatform(unique());
      const message = { username: 'jane', content: 'Do you ship abroad?' };
      const { id } = await client.do('POST', '/api/messages', { platformId, ...message });
      return { message_id: id, platform: 'instagram', ...message, received_at: time };
    },
  },
  {
    type: 'report.generated',
    cause: async (client) => {
      const period = { from: '2023-05-01', to: '2023-05-03' };
      const { id } = await client.do('POST', '/api/reports', { title: 'May', ...period });
      return {
        report_id: id,
        title: 'May',
        period_start: period.from,
        period_end: period.to,
        generated_at: time,
      };
    },
  },
  {
    type: 'export.completed',
    cause: async (client) => {
      await newFollower(client);
      const done = await client.do('POST', '/api/exports', { resource: 'followers', format: 'json' });
      const rows = await client.do<readonly Json[]>('GET', `/api/exports/${String(done.id)}/content`);
      return {
        export_id: done.id,
        resource: 'followers',
        format: 'json',
        row_count: rows.length,
        size_bytes: Buffer.byteLength(JSON.stringify(rows)),
        completed_at: time,
      };
    },
  },
  {
    type: 'import.completed',
    cause: async (client) => {
      const platformId = await client.connectPlatform(unique());
      const csv = `username,followed_at\r\n"doe, jane",2023-05-15T14:22:30Z\r\njohn,\r\n,\r\nmax,never\r\n`;
      const { id } = await client.do('POST', '/api/imports', { resource: 'followers', platformId, csv });
      return {
        import_id: id,
        resource: 'followers',
        imported_count: 2,
        rejected_count: 2,
        completed_at: time,
      };
    },
  },
];
