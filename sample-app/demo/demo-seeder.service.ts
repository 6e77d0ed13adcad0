import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { WebhooksService } from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { DEMO_KEYS } from '../config/account-credentials.js';
import type { Environment } from '../config/environment.js';
import { ENVIRONMENT } from '../config/environment.module.js';
import { Platform } from '../platforms/platform.entity.js';
import { receiverPath } from './demo-secrets.service.js';

const ENDPOINT_NAME = 'Demo receiver';
const ACCOUNT = 'acme';

/** The data to try the demo with. */
export interface DemoSeed {
  readonly platformId: string;
  /** `undefined` if webhooks to this machine are not allowed. */
  readonly endpointId: string | undefined;
}

/** Creates a platform for each demo account, and for acme a webhook to the demo receiver. */
@Injectable()
export class DemoSeederService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** @param url the URL of this app, such as `http://localhost:3000` */
  async seed(url: string): Promise<DemoSeed> {
    const platforms = new Map<string, string>();
    for (const account of Object.keys(DEMO_KEYS)) platforms.set(account, await this.seedPlatform(account));
    const endpointId = this.environment.allowLocal ? await this.seedEndpoint(url) : undefined;
    return { platformId: platforms.get(ACCOUNT) ?? '', endpointId };
  }

  private async seedPlatform(accountId: string): Promise<string> {
    const { manager } = this.dataSource;
    const existing = await manager.findOneBy(Platform, { accountId });
    if (existing) return existing.id;
    const platform: Platform = {
      id: `plt_demo_${accountId}`,
      accountId,
      type: 'instagram',
      username: accountId,
      connectedAt: Date.now(),
    };
    await manager.insert(Platform, platform);
    return platform.id;
  }

  /** Keeps the webhook of an earlier start with its secret and log, and updates its port. */
  private async seedEndpoint(url: string): Promise<string> {
    const target = url + receiverPath(ACCOUNT);
    const endpoints = (await this.webhooks.endpoints.list(ACCOUNT, { limit: 250 })).data;
    const existing = endpoints.find(
      (endpoint) =>
        endpoint.name === ENDPOINT_NAME && new URL(endpoint.url).pathname === receiverPath(ACCOUNT),
    );
    if (!existing) {
      const created = await this.webhooks.endpoints.create(ACCOUNT, {
        name: ENDPOINT_NAME,
        url: target,
        events: ['*'],
      });
      return created.id;
    }
    if (existing.url !== target) await this.webhooks.endpoints.update(ACCOUNT, existing.id, { url: target });
    return existing.id;
  }
}
