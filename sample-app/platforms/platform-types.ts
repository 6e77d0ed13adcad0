export const PLATFORM_TYPES = ['facebook', 'instagram', 'linkedin', 'tiktok', 'twitter', 'youtube'] as const;
export type PlatformType = (typeof PLATFORM_TYPES)[number];

export const PLATFORM_NAMES: Readonly<Record<PlatformType, string>> = {
  facebook: 'Facebook',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  tiktok: 'TikTok',
  twitter: 'X (Twitter)',
  youtube: 'YouTube',
};
