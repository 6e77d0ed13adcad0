import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { FollowersModule } from '../followers/followers.module.js';
import { PlatformsModule } from '../platforms/platforms.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { DataImport } from './data-import.entity.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([DataImport]),
    AccountsModule,
    PlatformsModule,
    PostsModule,
    FollowersModule,
  ],
  controllers: [ImportsController],
  providers: [ImportsService],
})
export class ImportsModule {}
