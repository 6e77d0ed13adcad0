import type { Platform } from '../platforms/platform.entity.js';
import type { PlatformType } from '../platforms/platform-types.js';

const PAGES: Readonly<Record<PlatformType, (username: string, postId: string) => string>> = {
  facebook: (username, id) => `https://www.facebook.com/${username}/posts/${id}`,
  instagram: (_, id) => `https://www.instagram.com/p/${id}`,
  linkedin: (_, id) => `https://www.linkedin.com/feed/update/${id}`,
  tiktok: (username, id) => `https://www.tiktok.com/@${username}/video/${id}`,
  twitter: (username, id) => `https://twitter.com/${username}/status/${id}`,
  youtube: (_, id) => `https://www.youtube.com/post/${id}`,
};

/** The URL of the post on its platform. */
export const postUrl = ({ type, username }: Platform, postId: string): string =>
  PAGES[type](encodeURIComponent(username), postId.replace('post_', ''));
