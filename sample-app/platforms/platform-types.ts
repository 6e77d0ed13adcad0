export const PLATFORM_TYPES = ['facebook', 'instagram', 'linkedin', 'tiktok', 'x', 'youtube'] as const;
export type PlatformType = (typeof PLATFORM_TYPES)[number];
