import type { Response } from 'express';
import { layout, type Frame } from './layout.js';
import type { Answer } from './page.js';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: with it, browsers send our own forms with `Origin: null`.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Sets status and headers, and returns the body. */
export function respond(response: Response, answer: Answer, frame: Frame): string {
  response.set(HEADERS);
  if ('location' in answer) {
    response.status(303).location(answer.location);
    return '';
  }
  response.status(answer.status ?? 200).type('html');
  return layout(answer, frame).toString();
}
