import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { EmitsWebhook } from 'nestjs-webhooks';
import { Repository } from 'typeorm';
import { newId } from '../common/id.js';
import {
  toPlatformConnected,
  toPlatformDisconnected,
  toPlatformUpdated,
  type RenamedPlatform,
} from './platform-payloads.js';
import { Platform } from './platform.entity.js';
import type { ConnectPlatformDto } from './platform.dto.js';

const ownerOf = (platform: Platform): string => platform.accountId;

@Injectable()
export class PlatformsService {
  constructor(@InjectRepository(Platform) private readonly platforms: Repository<Platform>) {}

  @EmitsWebhook('platform.connected', { data: toPlatformConnected, tenant: ownerOf })
  async connect(accountId: string, { type, username }: ConnectPlatformDto): Promise<Platform> {
    await this.checkFree({ accountId, type, username });
    return this.platforms.save({ id: newId('plt'), accountId, type, username, connectedAt: Date.now() });
  }

  @EmitsWebhook('platform.updated', {
    data: toPlatformUpdated,
    tenant: ({ platform }: RenamedPlatform) => platform.accountId,
    when: ({ platform, previousUsername }: RenamedPlatform) => platform.username !== previousUsername,
  })
  async rename(accountId: string, id: string, username: string): Promise<RenamedPlatform> {
    const platform = await this.get(accountId, id);
    const previousUsername = platform.username;
    if (username !== previousUsername) await this.checkFree({ accountId, type: platform.type, username });
    return { platform: await this.platforms.save({ ...platform, username }), previousUsername };
  }

  @EmitsWebhook('platform.disconnected', { data: toPlatformDisconnected, tenant: ownerOf })
  async disconnect(accountId: string, id: string): Promise<Platform> {
    const platform = await this.get(accountId, id);
    await this.platforms.delete({ id });
    return platform;
  }

  list(accountId: string): Promise<Platform[]> {
    return this.platforms.find({ where: { accountId }, order: { connectedAt: 'DESC' } });
  }

  /** @throws NotFoundException */
  async get(accountId: string, id: string): Promise<Platform> {
    const platform = await this.platforms.findOneBy({ accountId, id });
    if (!platform) throw new NotFoundException(`There is no platform ${id}.`);
    return platform;
  }

  private async checkFree(profile: Pick<Platform, 'accountId' | 'type' | 'username'>): Promise<void> {
    if (!(await this.platforms.existsBy(profile))) return;
    throw new ConflictException(`${profile.username} on ${profile.type} is connected already.`);
  }
}
