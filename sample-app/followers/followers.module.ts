import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PlatformsModule } from '../platforms/platforms.module.js';
import { Follower } from './follower.entity.js';
import { FollowersController } from './followers.controller.js';
import { FollowersService } from './followers.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Follower]), AccountsModule, PlatformsModule],
  controllers: [FollowersController],
  providers: [FollowersService],
})
export class FollowersModule {}
