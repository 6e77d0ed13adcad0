import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { Account } from './account.entity.js';
import { ApiKeysService } from './api-keys.service.js';
import { hashPassword, isPassword } from './passwords.js';
import { Session } from './session.entity.js';
import { SessionsService } from './sessions.service.js';

/** The accounts, and their credentials. */
@Injectable()
export class AccountsService implements OnModuleInit {
  private readonly logger = new Logger('Accounts');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(ApiKeysService) private readonly apiKeys: ApiKeysService,
    @Inject(SessionsService) private readonly sessions: SessionsService,
  ) {}

  /** The environment defines the accounts, keys and passwords. */
  async onModuleInit(): Promise<void> {
    const { apiKeys, passwords } = this.environment;
    const accounts = new Set([...apiKeys, ...passwords].map(({ accountId }) => accountId));
    if (accounts.size === 0) {
      this.logger.warn(
        'No account has a key or a password. Set ACCOUNT_API_KEYS=account:key,… and ACCOUNT_PASSWORDS=account:password,… or, to look around, DEMO=1.',
      );
    }
    await this.dataSource.transaction(async (manager) => {
      for (const id of accounts) {
        if (await manager.existsBy(Account, { id })) continue;
        await manager.insert(Account, { id, createdAt: Date.now() });
      }
      await this.apiKeys.replaceThoseOfEnvironment(apiKeys, manager);
      await this.setPasswords(manager);
    });
  }

  async findByApiKey(key: string): Promise<Account | null> {
    return this.find(await this.apiKeys.findAccountId(key));
  }

  async findBySession(token: string): Promise<Account | null> {
    return this.find(await this.sessions.findAccountId(token));
  }

  async findByPassword(id: string, password: string): Promise<Account | null> {
    const account = await this.find(id);
    return (await isPassword(password, account?.passwordHash)) ? account : null;
  }

  all(): Promise<Account[]> {
    return this.dataSource.manager.find(Account, { order: { id: 'ASC' } });
  }

  private async find(id: string | undefined): Promise<Account | null> {
    return id === undefined ? null : this.dataSource.manager.findOneBy(Account, { id });
  }

  /** Changing or removing the password ends the account's sessions: people sign in again with the new one. */
  private async setPasswords(manager: EntityManager): Promise<void> {
    const passwords = new Map(this.environment.passwords.map((one) => [one.accountId, one.password]));
    for (const { id, passwordHash } of await manager.find(Account)) {
      const password = passwords.get(id);
      const unchanged =
        password === undefined ? passwordHash === null : await isPassword(password, passwordHash);
      if (unchanged) continue;
      await manager.update(Account, { id }, { passwordHash: password ? await hashPassword(password) : null });
      await manager.delete(Session, { accountId: id });
    }
  }
}
