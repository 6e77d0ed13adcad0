import { Get, Inject } from '@nestjs/common';
import { AskedVersion } from '../routes/asked-version.js';
import { RouteAnswer } from '../routes/route-answer.js';
import { GUIDE_CONTENT_SECURITY_POLICY } from './guide-page.js';
import { GuideService } from './guide.service.js';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // The contents change with the app.
  'cache-control': 'no-store',
};

/** The customers' guide: as a page, as Markdown, and for the dashboard. */
export class GuideController {
  constructor(@Inject(GuideService) private readonly guide: GuideService) {}

  @Get('guide')
  async page(@AskedVersion() version: unknown): Promise<RouteAnswer> {
    const headers = {
      ...HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': GUIDE_CONTENT_SECURITY_POLICY,
    };
    return new RouteAnswer(200, headers, await this.guide.page(version));
  }

  @Get('guide.md')
  markdown(@AskedVersion() version: unknown): RouteAnswer {
    return new RouteAnswer(
      200,
      { ...HEADERS, 'content-type': 'text/markdown; charset=utf-8' },
      this.guide.markdown(version),
    );
  }

  @Get('guide.json')
  async view(@AskedVersion() version: unknown): Promise<RouteAnswer> {
    return RouteAnswer.json(200, await this.guide.view(version));
  }
}
