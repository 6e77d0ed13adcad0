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

export interface AuthenticatedRequest extends Request {
  account: Account;
}

/** Lets a request with `Authorization: Bearer <API key>` pass, as the account that the key belongs to. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(@Inject(AccountsService) private readonly accounts: AccountsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const key = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const account = key && (await this.accounts.findByApiKey(key));
    if (!account) throw new UnauthorizedException('Send your API key: Authorization: Bearer <key>.');
    request.account = account;
    return true;
  }
}
