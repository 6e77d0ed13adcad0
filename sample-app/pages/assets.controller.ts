import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';
import { STYLESHEET } from './assets/stylesheet.js';
import { LOGO } from './icons.js';

const SCRIPT = readFileSync(join(__dirname, 'assets/app.mjs'), 'utf8');

/** The assets of all pages. They need no session. */
@Controller('assets')
export class AssetsController {
  @Get('app.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  style(): string {
    return STYLESHEET;
  }

  @Get('app.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  script(): string {
    return SCRIPT;
  }

  @Get('logo.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  logo(): string {
    return LOGO;
  }
}
