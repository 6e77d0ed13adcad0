import { Get } from '@nestjs/common';
import type { RouteAnswer } from '../routes/route-answer.js';
import { AskedPage, pageAnswer, type PageRequest } from './page-answer.js';

/** The operators' page. */
export class OperatorPageController {
  @Get()
  page(@AskedPage() asked: PageRequest): RouteAnswer {
    return pageAnswer(asked, {
      element: 'webhooks-operator',
      folder: 'page',
      scripts: () => ['operator.js'],
    });
  }
}
