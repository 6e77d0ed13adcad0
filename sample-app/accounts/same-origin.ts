import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether a page of this app, or the person at the browser, made the request. A browser sends the cookie with a form
 * that another site has filled in too, so a cookie alone doesn't tell. A request that says nothing is refused.
 */
export function isSameOrigin({ headers, host }: Pick<Request, 'headers' | 'host'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/** @throws ForbiddenException where another site could have made a request that changes something */
export function checkSameOrigin(request: Request): void {
  if (SAFE_METHODS.includes(request.method) || isSameOrigin(request)) return;
  throw new ForbiddenException('This request does not come from a page of Roundabout.');
}

/** For what needs no session yet, such as signing in: nobody is to be signed in as somebody else unawares. */
@Injectable()
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    checkSameOrigin(context.switchToHttp().getRequest<Request>());
    return true;
  }
}
