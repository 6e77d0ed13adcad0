import type { CookieOptions, Request, Response } from 'express';
import { SESSION_MS } from './sessions.service.js';

const NAME = 'roundabout_session';

export function readSessionCookie({ headers }: Request): string | undefined {
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}

export function writeSessionCookie(response: Response, token: string): void {
  response.cookie(NAME, token, { ...optionsFor(response.req), maxAge: SESSION_MS });
}

export function clearSessionCookie(response: Response): void {
  response.clearCookie(NAME, optionsFor(response.req));
}

const optionsFor = ({ secure }: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  path: '/',
  secure,
});
