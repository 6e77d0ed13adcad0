export const ENGAGEMENT_KINDS = ['like', 'comment', 'share'] as const;
export type EngagementKind = (typeof ENGAGEMENT_KINDS)[number];
