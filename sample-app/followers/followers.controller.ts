import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { AccountGuard } from '../accounts/account.guard.js';
import { GainFollowerDto, LoseFollowerDto } from './follower.dto.js';
import type { Follower } from './follower.entity.js';
import { FollowersService } from './followers.service.js';

@Controller('followers')
@UseGuards(AccountGuard)
export class FollowersController {
  constructor(@Inject(FollowersService) private readonly followers: FollowersService) {}

  @Get()
  list(@AccountId() accountId: string): Promise<Follower[]> {
    return this.followers.list(accountId);
  }

  @Post()
  async gain(
    @AccountId() accountId: string,
    @Body() { platformId, username }: GainFollowerDto,
  ): Promise<Follower> {
    const { follower } = await this.followers.gain(accountId, platformId, username);
    return follower;
  }

  @Delete(':username')
  @HttpCode(204)
  async lose(
    @AccountId() accountId: string,
    @Param('username') username: string,
    @Query() { platformId }: LoseFollowerDto,
  ): Promise<void> {
    await this.followers.lose(accountId, username, platformId);
  }
}
