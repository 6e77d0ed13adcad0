import { Get } from '@nestjs/common';
import { acceptedLanguage, LANGUAGE_TAG } from '../routes/accepted-language.js';
import { RouteAnswer } from '../routes/route-answer.js';
import { parameter, type RouteRequest } from '../routes/route-parameters.js';
import { CONTENT_SECURITY_POLICY, dashboardPage, isGerman } from './dashboard-page.js';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  vary: 'accept-language',
};

const AcceptedLanguage = (): ParameterDecorator =>
  parameter(({ headers }) => acceptedLanguage(headers['accept-language']));

const Url = (): ParameterDecorator => parameter(({ url, originalUrl = url }: RouteRequest) => originalUrl);

/** The dashboard as a page of its own, for apps that want a link and nothing else. */
export class DashboardPageController {
  @Get()
  page(@Url() url: string, @AcceptedLanguage() accepted: string | undefined): RouteAnswer {
    const [path = '', query] = url.split('?');
    const folder = path.endsWith('/') ? './' : './dashboard/';
    const asked = new URLSearchParams(query).get('locale') ?? '';
    const locale = LANGUAGE_TAG.test(asked) ? asked : isGerman(accepted) ? accepted : undefined;
    return new RouteAnswer(200, HEADERS, dashboardPage({ folder, locale }));
  }
}
