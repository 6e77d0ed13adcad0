import { Get } from '@nestjs/common';
import type { RouteAnswer } from '../routes/route-answer.js';
import { AskedPage, pageAnswer, type PageRequest } from './page-answer.js';

/** The dashboard as a standalone page, for apps that only want a link to it. */
export class DashboardPageController {
  @Get()
  page(@AskedPage() asked: PageRequest): RouteAnswer {
    return pageAnswer(asked, {
      element: 'webhooks-dashboard',
      folder: 'dashboard',
      scripts: (isInGerman) => [...(isInGerman ? ['de.js'] : []), 'element.js'],
    });
  }
}
