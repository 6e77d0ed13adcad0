import { Get, Header, Req } from '@nestjs/common';
import { CONTENT_SECURITY_POLICY, dashboardPage } from './dashboard-page.js';

/** What both adapters give. Express takes the mounting path off `url`, and keeps the whole in `originalUrl`. */
interface PageRequest {
  readonly url: string;
  readonly originalUrl?: string;
}

/** The dashboard as a page of its own, for apps that want a link and nothing else. */
export class DashboardPageController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', CONTENT_SECURITY_POLICY)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  @Header('cache-control', 'no-store')
  page(@Req() { url, originalUrl = url }: PageRequest): string {
    return dashboardPage(originalUrl.split('?', 1)[0]!.endsWith('/') ? './' : './dashboard/');
  }
}
