import { readFileSync } from 'node:fs';
import { Controller, Get, Header, Redirect } from '@nestjs/common';
import { RECEIVER_PAGE, RECEIVER_STYLE } from './receiver-page.js';

const SCRIPT = readFileSync(new URL('./assets/receiver.js', import.meta.url), 'utf8');

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Only with DEMO=1. */
@Controller()
export class DemoPageController {
  @Get()
  @Redirect('/demo/receiver', 302)
  home(): void {}

  @Get('demo/receiver')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', CONTENT_SECURITY_POLICY)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  @Header('cache-control', 'no-store')
  page(): string {
    return RECEIVER_PAGE;
  }

  @Get('demo/assets/receiver.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  script(): string {
    return SCRIPT;
  }

  @Get('demo/assets/receiver.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  style(): string {
    return RECEIVER_STYLE;
  }
}
