import { ConflictException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { EmitsWebhook, WebhooksService } from 'nestjs-webhooks';
import { DataSource, LessThan, Repository } from 'typeorm';
import { newId } from '../common/id.js';
import { PlatformsService } from '../platforms/platforms.service.js';
import { toPostCreated, toPostPublished } from './post-payloads.js';
import { postUrl } from './post-url.js';
import { Post } from './post.entity.js';

const LIST_SIZE = 200;

export interface PostPage {
  readonly before?: Post | undefined;
  readonly limit?: number;
}

@Injectable()
export class PostsService {
  constructor(
    @InjectRepository(Post) private readonly posts: Repository<Post>,
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(PlatformsService) private readonly platforms: PlatformsService,
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
  ) {}

  @EmitsWebhook('post.created', { data: toPostCreated, tenant: ({ accountId }: Post) => accountId })
  async create(accountId: string, platformId: string, content: string): Promise<Post> {
    const { type } = await this.platforms.get(accountId, platformId);
    return this.posts.save(
      this.posts.create({
        id: newId('post'),
        accountId,
        platformId,
        platform: type,
        content,
        status: 'draft',
        url: null,
        likes: 0,
        comments: 0,
        shares: 0,
        createdAt: Date.now(),
        publishedAt: null,
      }),
    );
  }

  /** Stores the post and its webhook in one transaction, so there is never one without the other. */
  async publish(accountId: string, id: string): Promise<Post> {
    const post = await this.get(accountId, id);
    const url = postUrl(await this.platforms.get(accountId, post.platformId), id);
    const publishedAt = Date.now();
    const changes = { status: 'published', url, publishedAt } as const;
    await this.dataSource.transaction(async (manager) => {
      const { affected } = await manager.update(Post, { id, status: 'draft' }, changes);
      if (affected === 0) throw new ConflictException(`${id} is published already.`);
      const data = toPostPublished(post, url, publishedAt);
      await this.webhooks.emit('post.published', data, { tenant: accountId, manager });
    });
    return Object.assign(post, changes);
  }

  /** The newest first; `before`: only older posts than this one. */
  list(accountId: string, { before, limit = LIST_SIZE }: PostPage = {}): Promise<Post[]> {
    const where = before
      ? [
          { accountId, createdAt: LessThan(before.createdAt) },
          { accountId, createdAt: before.createdAt, id: LessThan(before.id) },
        ]
      : { accountId };
    return this.posts.find({ where, order: { createdAt: 'DESC', id: 'DESC' }, take: limit });
  }

  /** @throws NotFoundException */
  async get(accountId: string, id: string): Promise<Post> {
    const post = await this.posts.findOneBy({ accountId, id });
    if (!post) throw new NotFoundException(`There is no post ${id}.`);
    return post;
  }
}
