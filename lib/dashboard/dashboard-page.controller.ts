import { Get } from '@nestjs/common';
import { RouteAnswer } from '../routes/route-answer.js';
import { parameter, type RouteRequest } from '../routes/route-parameters.js';
import { CONTENT_SECURITY_POLICY, dashboardPage } from './dashboard-page.js';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const Url = (): ParameterDecorator => parameter(({ url, originalUrl = url }: RouteRequest) => originalUrl);

/** The dashboard as a page of its own, for apps that want a link and nothing else. */
export class DashboardPageController {
  @Get()
  page(@Url() url: string): RouteAnswer {
    const folder = url.split('?', 1)[0]!.endsWith('/') ? './' : './dashboard/';
    return new RouteAnswer(200, HEADERS, dashboardPage(folder));
  }
}
