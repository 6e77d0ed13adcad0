import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';
import type { Page } from '../pages/page.js';
import { OpenPages } from '../pages/pages.decorator.js';
import { receiverPage } from './receiver-page.js';

const SCRIPT = readFileSync(join(__dirname, 'assets/receiver.mjs'), 'utf8');

/** Only with DEMO=1. */
@OpenPages('demo')
export class DemoPageController {
  @Get('receiver')
  page(): Page {
    return receiverPage();
  }
}

@Controller('demo/assets')
export class DemoAssetsController {
  @Get('receiver.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-cache')
  script(): string {
    return SCRIPT;
  }
}
