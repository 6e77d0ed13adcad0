import {
  Inject,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import type { Account } from './account.entity.js';
import { AccountsService } from './accounts.service.js';
import { checkSameOrigin } from './same-origin.js';
import { readSessionCookie } from './session-cookie.js';

export interface AuthenticatedRequest extends Request {
  account: Account;
}

/**
 * Accepts a program with `Authorization: Bearer <API key>`, and a person with a session cookie, each as the
 * account of the key or the session. A request with a cookie that changes something must come from a page of this app.
 */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(@Inject(AccountsService) private readonly accounts: AccountsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const account = await this.identify(request);
    if (!account) throw new UnauthorizedException('Send your API key: Authorization: Bearer <key>.');
    request.account = account;
    return true;
  }

  private async identify(request: Request): Promise<Account | null> {
    const { authorization = '' } = request.headers;
    if (/^Bearer\b/i.test(authorization)) {
      const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      return key === undefined ? null : this.accounts.findByApiKey(key);
    }
    const token = readSessionCookie(request);
    const account = token === undefined ? null : await this.accounts.findBySession(token);
    if (account) checkSameOrigin(request);
    return account;
  }
}
