import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { AccountId } from '../accounts/account-id.decorator.js';
import { PlatformsService } from '../platforms/platforms.service.js';
import { ENGAGEMENT_KINDS } from '../posts/engagement-kinds.js';
import { totalEngagements } from '../posts/engagement-totals.js';
import { EngagementsService } from '../posts/engagements.service.js';
import { CreatePostDto } from '../posts/post.dto.js';
import { PostsService } from '../posts/posts.service.js';
import { problemsOf, refusal, textOf, type Form } from './forms.js';
import { seeOther, type Answer, type Page } from './page.js';
import { Pages } from './pages.decorator.js';
import { postsPage, type PostsState } from './posts.page.js';

const PAGE_SIZE = 20;
const LABELS = { platformId: 'The platform', content: 'The content' };
const PEOPLE = ['jane.doe', 'max.power', 'coffee.lover', 'sam', 'city.guide'];

@Pages('posts')
export class PostPagesController {
  constructor(
    @Inject(PostsService) private readonly posts: PostsService,
    @Inject(EngagementsService) private readonly engagements: EngagementsService,
    @Inject(PlatformsService) private readonly platforms: PlatformsService,
  ) {}

  @Get()
  show(
    @AccountId() accountId: string,
    @Query('before') before?: unknown,
    @Query('done') done?: unknown,
  ): Promise<Page> {
    return this.page(accountId, { done }, before);
  }

  @Post()
  async create(@AccountId() accountId: string, @Body() form: Form = {}): Promise<Answer> {
    const dto = Object.assign(new CreatePostDto(), {
      platformId: textOf(form, 'platformId'),
      content: textOf(form, 'content'),
      publish: form.publish === 'on',
    });
    const problems =
      (await problemsOf(dto, LABELS)) ??
      (await refusal('platformId', async () => {
        const { id } = await this.posts.create(accountId, dto.platformId, dto.content);
        if (dto.publish) await this.posts.publish(accountId, id);
      }));
    if (problems) return this.page(accountId, { draft: dto, problems, status: 422 });
    return seeOther(`/posts?done=${dto.publish ? 'published' : 'created'}`);
  }

  @Post(':id/publish')
  async publish(@AccountId() accountId: string, @Param('id') id: string): Promise<Answer> {
    await this.posts.get(accountId, id);
    const problems = await refusal('', () => this.posts.publish(accountId, id));
    if (problems) return this.page(accountId, { problems, status: 409 });
    return seeOther(`/posts?done=published#${id}`);
  }

  /** Simulates the report of a platform that somebody likes, comments on or shares the post, in turn. */
  @Post(':id/engagements')
  async engage(@AccountId() accountId: string, @Param('id') id: string): Promise<Answer> {
    const count = totalEngagements(await this.posts.get(accountId, id));
    const kind = ENGAGEMENT_KINDS[count % ENGAGEMENT_KINDS.length] ?? 'like';
    const username = PEOPLE[count % PEOPLE.length] ?? 'jane.doe';
    const content = kind === 'comment' ? 'Looks great!' : undefined;
    const engagement = { kind, username, ...(content ? { content } : {}) };
    const problems = await refusal('', () => this.engagements.add(accountId, id, engagement));
    if (problems) return this.page(accountId, { problems, status: 409 });
    return seeOther(`/posts?done=${kind}#${id}`);
  }

  private async page(
    accountId: string,
    state: Omit<PostsState, 'posts' | 'platforms' | 'older'>,
    before?: unknown,
  ): Promise<Page> {
    const last = typeof before === 'string' ? await this.posts.get(accountId, before) : undefined;
    const found = await this.posts.list(accountId, { before: last, limit: PAGE_SIZE + 1 });
    const posts = found.slice(0, PAGE_SIZE);
    return postsPage({
      ...state,
      posts,
      platforms: await this.platforms.list(accountId),
      older: found.length > PAGE_SIZE ? posts.at(-1)?.id : undefined,
      isFirstPage: last === undefined,
    });
  }
}
