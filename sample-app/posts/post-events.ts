import type { EntityManager } from 'typeorm';
import type { Engagement } from './engagement.entity.js';
import type { Post } from './post.entity.js';

/** Domain events. They are emitted inside a transaction, so they carry its manager. */
export const POST_ENGAGED = 'post.engaged';
export const POST_COUNTS_CHANGED = 'post.counts_changed';
export const POST_MILESTONE_REACHED = 'post.milestone_reached';

export interface PostEngaged {
  readonly engagement: Engagement;
  readonly post: Post;
  readonly manager: EntityManager;
}

export interface PostCountsChanged {
  readonly post: Post;
  readonly manager: EntityManager;
}

export interface PostMilestoneReached extends PostCountsChanged {
  readonly milestone: number;
}
