import { isoTime } from '../common/time.js';
import type {
  PlatformConnected,
  PlatformDisconnected,
  PlatformUpdated,
} from '../webhooks/platform.events.js';
import type { Platform } from './platform.entity.js';

/** A platform with its new and its former name. */
export interface RenamedPlatform {
  readonly platform: Platform;
  readonly previousUsername: string;
}

export const toPlatformConnected = ({ id, type, username }: Platform): PlatformConnected => ({
  platform_id: id,
  platform_type: type,
  username,
});

export const toPlatformDisconnected = (platform: Platform): PlatformDisconnected => ({
  ...toPlatformConnected(platform),
  disconnected_at: isoTime(Date.now()),
});

export const toPlatformUpdated = ({ platform, previousUsername }: RenamedPlatform): PlatformUpdated => ({
  ...toPlatformConnected(platform),
  previous_username: previousUsername,
  updated_at: isoTime(Date.now()),
});
