import { timingSafeEqual } from 'node:crypto';
import {
  Inject,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import { digest } from '../accounts/digest.js';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';

/**
 * Accepts Prometheus and probes with `Authorization: Bearer <MONITORING_TOKEN>`. Keys of accounts give no access to
 * data of all accounts.
 */
@Injectable()
export class MonitoringGuard implements CanActivate {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  canActivate(context: ExecutionContext): boolean {
    const { authorization = '' } = context.switchToHttp().getRequest<Request>().headers;
    const wanted = `Bearer ${this.environment.monitoringToken}`;
    if (timingSafeEqual(Buffer.from(digest(authorization)), Buffer.from(digest(wanted)))) return true;
    throw new UnauthorizedException('Send the token of MONITORING_TOKEN: Authorization: Bearer <token>.');
  }
}
