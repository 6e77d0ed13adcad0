import { Get } from '@nestjs/common';
import { webhooksPage } from './integrations.page.js';
import type { Page } from './page.js';
import { Pages } from './pages.decorator.js';

@Pages('integrations/webhooks')
export class WebhooksPageController {
  @Get()
  show(): Page {
    return webhooksPage();
  }
}
