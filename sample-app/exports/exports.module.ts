import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { FollowersModule } from '../followers/followers.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { DataExport } from './data-export.entity.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([DataExport]), AccountsModule, PostsModule, FollowersModule],
  controllers: [ExportsController],
  providers: [ExportsService],
})
export class ExportsModule {}
