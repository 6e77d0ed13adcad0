import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { FollowersModule } from '../followers/followers.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsSchedule } from './analytics.schedule.js';
import { NumbersService } from './numbers.service.js';
import { SummariesService } from './summaries.service.js';
import { TrendsService } from './trends.service.js';

@Module({
  imports: [AccountsModule, PostsModule, FollowersModule, MessagesModule],
  controllers: [AnalyticsController],
  providers: [NumbersService, SummariesService, TrendsService, AnalyticsSchedule],
  exports: [NumbersService],
})
export class AnalyticsModule {}
