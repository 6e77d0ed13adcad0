import { IsIn, IsISO8601, IsString } from 'class-validator';
import type { WebhookEventCatalogueOptions } from 'nestjs-webhooks';
import { PLATFORM_TYPES, type PlatformType } from '../platforms/platform-types.js';

export class PlatformConnected {
  @IsString()
  platform_id!: string;

  @IsIn(PLATFORM_TYPES)
  platform_type!: PlatformType;

  @IsString()
  username!: string;
}

export class PlatformDisconnected extends PlatformConnected {
  @IsISO8601()
  disconnected_at!: string;
}

export class PlatformUpdated extends PlatformConnected {
  @IsString()
  previous_username!: string;

  @IsISO8601()
  updated_at!: string;
}

const group = 'Platform';
const platform = { platform_id: 'platform_123', platform_type: 'instagram', username: 'your_account' };

export const platformEvents: WebhookEventCatalogueOptions = {
  'platform.connected': {
    group,
    description: 'Triggered when a new social platform is connected',
    payload: PlatformConnected,
    example: platform,
  },
  'platform.disconnected': {
    group,
    description: 'Triggered when a platform is disconnected',
    payload: PlatformDisconnected,
    example: { ...platform, disconnected_at: '2023-05-15T14:22:30Z' },
  },
  'platform.updated': {
    group,
    description: 'Triggered when platform settings are updated',
    payload: PlatformUpdated,
    example: {
      ...platform,
      username: 'your_new_account',
      previous_username: 'your_account',
      updated_at: '2023-05-15T14:22:30Z',
    },
  },
};
