import type { Post } from './post.entity.js';

export const totalEngagements = ({ likes, comments, shares }: Post): number => likes + comments + shares;

/** 10, 100, 1,000 and so on. Engagements come one at a time, so that none of these can be jumped over. */
export const isMilestone = (total: number): boolean => /^10+$/.test(String(total));

/** The one that comes after so many. */
export const nextMilestone = (total: number): number => 10 ** String(total).length;
