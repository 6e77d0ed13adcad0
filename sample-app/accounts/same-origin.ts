import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether the request comes from a page of this app, or from the person at the browser. Browsers also send the cookie
 * with forms of other sites, so a cookie is not enough. A request that does not say where it comes from is refused.
 */
export function isSameOrigin({ headers, host }: Pick<Request, 'headers' | 'host'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/** @throws ForbiddenException if another site may have sent a request that changes something */
export function checkSameOrigin(request: Request): void {
  if (SAFE_METHODS.includes(request.method) || isSameOrigin(request)) return;
  throw new ForbiddenException('This request does not come from a page of Roundabout.');
}

/** For forms without a session, such as signing in: no other site may sign a person in to a foreign account. */
@Injectable()
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    checkSameOrigin(context.switchToHttp().getRequest<Request>());
    return true;
  }
}
