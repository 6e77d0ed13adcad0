import { randomBytes } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Not, Repository, type EntityManager } from 'typeorm';
import type { AccountKey } from '../config/account-credentials.js';
import { newId } from '../common/id.js';
import { ApiKey } from './api-key.entity.js';
import { digest } from './digest.js';

const USE_NOTED_EVERY_MS = 60_000;

@Injectable()
export class ApiKeysService {
  constructor(@InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>) {}

  /** A key that the environment no longer names stops working, even a demo key. Keys that people created stay. */
  async replaceThoseOfEnvironment(given: readonly AccountKey[], manager: EntityManager): Promise<void> {
    const keys = given.map(({ accountId, key }) => ({
      hash: digest(key),
      accountId,
      id: null,
      name: null,
      hint: beginning(key),
    }));
    await manager.delete(ApiKey, { id: IsNull(), hash: Not(In(keys.map(({ hash }) => hash))) });
    if (keys.length > 0) await manager.save(ApiKey, keys);
  }

  /** Returns the key, which can't be read again. */
  async create(accountId: string, name: string): Promise<string> {
    const key = `rk_${randomBytes(32).toString('base64url')}`;
    await this.keys.insert({
      hash: digest(key),
      accountId,
      id: newId('key'),
      name,
      hint: beginning(key),
      createdAt: Date.now(),
      lastUsedAt: null,
    });
    return key;
  }

  /** Keys that people created come first, the newest at the top. */
  async list(accountId: string): Promise<ApiKey[]> {
    const keys = await this.keys.findBy({ accountId });
    return keys.sort((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0));
  }

  /** @throws NotFoundException, also for a key of the environment */
  async revoke(accountId: string, id: string): Promise<void> {
    const { affected } = await this.keys.delete({ accountId, id });
    if (affected === 0) throw new NotFoundException(`There is no API key ${id}.`);
  }

  async findAccountId(key: string): Promise<string | undefined> {
    const hash = digest(key);
    const found = await this.keys.findOneBy({ hash });
    const now = Date.now();
    if (found && (found.lastUsedAt ?? 0) < now - USE_NOTED_EVERY_MS) {
      await this.keys.update({ hash }, { lastUsedAt: now });
    }
    return found?.accountId;
  }
}

/** Enough to tell keys apart, too little to guess a key; a short key shows less. */
const beginning = (key: string): string => key.slice(0, Math.min(10, Math.floor(key.length / 4)));
