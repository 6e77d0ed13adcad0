import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Account } from './account.entity.js';
import { AccountsService } from './accounts.service.js';
import { readSessionCookie } from './session-cookie.js';

export interface VisitorRequest extends Request {
  account?: Account;
}

/** Accepts everybody, and identifies people who are signed in. For pages that need no session. */
@Injectable()
export class VisitorGuard implements CanActivate {
  constructor(@Inject(AccountsService) private readonly accounts: AccountsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<VisitorRequest>();
    const token = readSessionCookie(request);
    const account = token === undefined ? null : await this.accounts.findBySession(token);
    if (account) request.account = account;
    return true;
  }
}
