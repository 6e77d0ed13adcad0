import { Module, type DynamicModule } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule } from 'nestjs-webhooks';
import { AccountsModule } from './accounts/accounts.module.js';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { databaseOptions } from './config/database.js';
import type { Environment } from './config/environment.js';
import { EnvironmentModule } from './config/environment.module.js';
import { DemoModule } from './demo/demo.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { FollowersModule } from './followers/followers.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { MailModule } from './mail/mail.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { PagesModule } from './pages/pages.module.js';
import { PlatformsModule } from './platforms/platforms.module.js';
import { PostsModule } from './posts/posts.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { webhooksOptions } from './webhooks/webhooks-options.js';

/**
 * Their routes are under `/api`. A global prefix would not do, because the pages use the other paths, such as
 * `/posts`.
 */
const API = [
  AccountsModule,
  PlatformsModule,
  PostsModule,
  FollowersModule,
  MessagesModule,
  AnalyticsModule,
  ReportsModule,
  ExportsModule,
  ImportsModule,
];

/** Roundabout WebTraffic: social media for small businesses, with webhooks to their servers. */
@Module({})
export class AppModule {
  static register(environment: Environment): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EnvironmentModule.register(environment),
        TypeOrmModule.forRoot(databaseOptions(environment.databaseUrl)),
        EventEmitterModule.forRoot(),
        ScheduleModule.forRoot(),
        WebhooksModule.forRoot(webhooksOptions(environment)),
        ...API,
        RouterModule.register([{ path: 'api', children: API }]),
        PagesModule,
        ...(environment.monitoringToken === undefined ? [] : [MonitoringModule]),
        ...(environment.mail === undefined ? [] : [MailModule]),
        ...(environment.demo ? [DemoModule] : []),
      ],
    };
  }
}
