import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AnalyticsModule } from '../analytics/analytics.module.js';
import { PlatformsModule } from '../platforms/platforms.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { ApiKeysController } from './api-keys.controller.js';
import { AssetsController } from './assets.controller.js';
import { OverviewController } from './overview.controller.js';
import { PlatformPagesController } from './platforms.controller.js';
import { PostPagesController } from './posts.controller.js';
import { SignInController } from './sign-in.controller.js';
import { WebhooksPageController } from './webhooks.controller.js';

/** The pages. Their rules are in the services, which the REST routes also use. */
@Module({
  imports: [AccountsModule, PlatformsModule, PostsModule, AnalyticsModule],
  controllers: [
    AssetsController,
    SignInController,
    OverviewController,
    PostPagesController,
    PlatformPagesController,
    WebhooksPageController,
    ApiKeysController,
  ],
})
export class PagesModule {}
