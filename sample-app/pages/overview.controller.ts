import { Get, Inject } from '@nestjs/common';
import { WebhooksService } from 'nestjs-webhooks';
import { AccountId } from '../accounts/account-id.decorator.js';
import { NumbersService } from '../analytics/numbers.service.js';
import { DAY_MS } from '../common/time.js';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { receiverPath } from '../demo/demo-secrets.service.js';
import { PlatformsService } from '../platforms/platforms.service.js';
import { PostsService } from '../posts/posts.service.js';
import { overviewPage } from './overview.page.js';
import type { Page } from './page.js';
import { Pages } from './pages.decorator.js';

const RECENT_POSTS = 5;
const ENDPOINTS_COUNTED = 250;

@Pages()
export class OverviewController {
  constructor(
    @Inject(PlatformsService) private readonly platforms: PlatformsService,
    @Inject(PostsService) private readonly posts: PostsService,
    @Inject(NumbersService) private readonly numbers: NumbersService,
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get()
  async show(@AccountId() accountId: string): Promise<Page> {
    const to = Date.now() + 1;
    const endpoints = (await this.webhooks.endpoints.list(accountId, { limit: ENDPOINTS_COUNTED })).data;
    return overviewPage({
      accountId,
      platforms: (await this.platforms.list(accountId)).length,
      ever: await this.numbers.count(accountId, { from: 0, to }),
      lastWeek: await this.numbers.count(accountId, { from: to - 7 * DAY_MS, to }),
      recent: await this.posts.list(accountId, { limit: RECENT_POSTS }),
      endpoints: endpoints.length,
      receiverEndpointId: endpoints.find(({ url }) => new URL(url).pathname === receiverPath(accountId))?.id,
      activeEndpoints: endpoints.filter(({ active }) => active).length,
      attempts: (await this.webhooks.stats.ofTenant(accountId)).total,
      environment: this.environment,
    });
  }
}
