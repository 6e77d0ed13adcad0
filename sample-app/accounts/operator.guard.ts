import {
  ForbiddenException,
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import type { AuthenticatedRequest } from './account.guard.js';

/**
 * Runs after `AccountGuard`, and accepts only the people who run Roundabout. A customer's account gives no access to
 * data of all accounts.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  canActivate(context: ExecutionContext): boolean {
    const { account } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (this.environment.operators.includes(account.id)) return true;
    throw new ForbiddenException('This is for those who run Roundabout.');
  }
}
