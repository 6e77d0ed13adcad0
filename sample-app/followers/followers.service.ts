import { ConflictException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { EmitsWebhook } from 'nestjs-webhooks';
import { IsNull, Repository } from 'typeorm';
import { newId } from '../common/id.js';
import { PlatformsService } from '../platforms/platforms.service.js';
import { toFollowerGained, toFollowerLost, type FollowerChange } from './follower-payloads.js';
import { Follower } from './follower.entity.js';

const LIST_SIZE = 200;
const ownerOf = ({ follower }: FollowerChange): string => follower.accountId;

@Injectable()
export class FollowersService {
  constructor(
    @InjectRepository(Follower) private readonly followers: Repository<Follower>,
    @Inject(PlatformsService) private readonly platforms: PlatformsService,
  ) {}

  @EmitsWebhook('follower.gained', { data: toFollowerGained, tenant: ownerOf })
  async gain(accountId: string, platformId: string, username: string): Promise<FollowerChange> {
    const { type } = await this.platforms.get(accountId, platformId);
    if (await this.followers.existsBy({ accountId, platformId, username, lostAt: IsNull() })) {
      throw new ConflictException(`${username} follows ${type} already.`);
    }
    const follower = await this.followers.save({
      id: newId('fol'),
      accountId,
      platformId,
      platform: type,
      username,
      followedAt: Date.now(),
      lostAt: null,
    });
    return this.counted(follower);
  }

  @EmitsWebhook('follower.lost', { data: toFollowerLost, tenant: ownerOf })
  async lose(accountId: string, username: string, platformId?: string): Promise<FollowerChange> {
    const where = { accountId, username, lostAt: IsNull(), ...(platformId ? { platformId } : {}) };
    const [follower, another] = await this.followers.find({ where, take: 2 });
    if (!follower) throw new NotFoundException(`${username} is not a follower.`);
    if (another) throw new ConflictException(`${username} follows several platforms: add ?platformId=…`);
    return this.counted(await this.followers.save({ ...follower, lostAt: Date.now() }));
  }

  list(accountId: string): Promise<Follower[]> {
    const where = { accountId, lostAt: IsNull() };
    return this.followers.find({ where, order: { followedAt: 'DESC' }, take: LIST_SIZE });
  }

  private async counted(follower: Follower): Promise<FollowerChange> {
    const { accountId, platformId } = follower;
    return {
      follower,
      followerCount: await this.followers.countBy({ accountId, platformId, lostAt: IsNull() }),
    };
  }
}
