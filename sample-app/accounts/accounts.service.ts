import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { Account } from './account.entity.js';
import { ApiKey } from './api-key.entity.js';

@Injectable()
export class AccountsService implements OnModuleInit {
  private readonly logger = new Logger('Accounts');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The environment decides which keys are valid: one that it no longer names stops working, a demo key too. */
  async onModuleInit(): Promise<void> {
    const { apiKeys } = this.environment;
    if (apiKeys.length === 0) {
      this.logger.warn(
        'No account has a key. Set ACCOUNT_API_KEYS=account:key,… or, to look around, DEMO=1.',
      );
    }
    const accounts = [...new Set(apiKeys.map(({ accountId }) => accountId))];
    const keys = apiKeys.map(({ accountId, key }) => ({ accountId, hash: hashOf(key) }));
    await this.dataSource.transaction(async (manager) => {
      for (const id of accounts) {
        if (await manager.existsBy(Account, { id })) continue;
        await manager.insert(Account, { id, createdAt: Date.now() });
      }
      await manager.deleteAll(ApiKey);
      if (keys.length > 0) await manager.insert(ApiKey, keys);
    });
  }

  async findByApiKey(key: string): Promise<Account | null> {
    const found = await this.dataSource.manager.findOneBy(ApiKey, { hash: hashOf(key) });
    return found && this.dataSource.manager.findOneBy(Account, { id: found.accountId });
  }

  all(): Promise<Account[]> {
    return this.dataSource.manager.find(Account, { order: { id: 'ASC' } });
  }
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
