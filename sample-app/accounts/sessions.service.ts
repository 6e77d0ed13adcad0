import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, MoreThan, Repository } from 'typeorm';
import { DAY_MS } from '../common/time.js';
import { digest } from './digest.js';
import { Session } from './session.entity.js';

export const SESSION_MS = 14 * DAY_MS;

@Injectable()
export class SessionsService {
  constructor(@InjectRepository(Session) private readonly sessions: Repository<Session>) {}

  /** Returns the token for the cookie. */
  async open(accountId: string): Promise<string> {
    const now = Date.now();
    await this.sessions.delete({ expiresAt: LessThan(now) });
    const token = randomBytes(32).toString('base64url');
    await this.sessions.insert({ hash: digest(token), accountId, expiresAt: now + SESSION_MS });
    return token;
  }

  async findAccountId(token: string): Promise<string | undefined> {
    const found = await this.sessions.findOneBy({ hash: digest(token), expiresAt: MoreThan(Date.now()) });
    return found?.accountId;
  }

  async close(token: string): Promise<void> {
    await this.sessions.delete({ hash: digest(token) });
  }
}
