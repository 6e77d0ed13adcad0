import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PlatformsModule } from '../platforms/platforms.module.js';
import { Engagement } from './engagement.entity.js';
import { EngagementsService } from './engagements.service.js';
import { Post } from './post.entity.js';
import { PostsController } from './posts.controller.js';
import { PostsService } from './posts.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Post, Engagement]), AccountsModule, PlatformsModule],
  controllers: [PostsController],
  providers: [PostsService, EngagementsService],
  exports: [PostsService, EngagementsService],
})
export class PostsModule {}
