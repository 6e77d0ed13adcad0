import type { Post } from './post.entity.js';

export const totalEngagements = ({ likes, comments, shares }: Post): number => likes + comments + shares;

/** 10, 100, 1,000 and so on. Engagements are counted one at a time, so none of these is skipped. */
export const isMilestone = (total: number): boolean => /^10+$/.test(String(total));

/** The next of these totals. */
export const nextMilestone = (total: number): number => 10 ** String(total).length;
