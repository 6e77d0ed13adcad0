import { Body, Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { AccountGuard } from '../accounts/account.guard.js';
import { EngagementsService } from './engagements.service.js';
import { CreatePostDto, EngageDto } from './post.dto.js';
import type { Post as PostEntity } from './post.entity.js';
import { PostsService } from './posts.service.js';

@Controller('posts')
@UseGuards(AccountGuard)
export class PostsController {
  constructor(
    @Inject(PostsService) private readonly posts: PostsService,
    @Inject(EngagementsService) private readonly engagements: EngagementsService,
  ) {}

  @Get()
  list(@AccountId() accountId: string): Promise<PostEntity[]> {
    return this.posts.list(accountId);
  }

  @Get(':id')
  get(@AccountId() accountId: string, @Param('id') id: string): Promise<PostEntity> {
    return this.posts.get(accountId, id);
  }

  @Post()
  async create(@AccountId() accountId: string, @Body() dto: CreatePostDto): Promise<PostEntity> {
    const post = await this.posts.create(accountId, dto.platformId, dto.content);
    return dto.publish ? this.posts.publish(accountId, post.id) : post;
  }

  @Post(':id/publish')
  @HttpCode(200)
  publish(@AccountId() accountId: string, @Param('id') id: string): Promise<PostEntity> {
    return this.posts.publish(accountId, id);
  }

  /** Simulates the report of a platform that somebody likes, comments on or shares the post. */
  @Post(':id/engagements')
  engage(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Body() dto: EngageDto,
  ): Promise<PostEntity> {
    return this.engagements.add(accountId, id, dto);
  }
}
