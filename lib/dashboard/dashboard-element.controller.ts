import { Get } from '@nestjs/common';
import { RouteAnswer } from '../routes/route-answer.js';
import { parameter, type RouteRequest } from '../routes/route-parameters.js';
import { elementScript } from './element-script.js';

const Headers = (): ParameterDecorator => parameter(({ headers }) => headers);

/** The script of `<webhooks-dashboard>`: the same for everybody, so it has none of the app's guards. */
export class DashboardElementController {
  @Get('element.js')
  script(@Headers() headers: RouteRequest['headers']): RouteAnswer {
    const { etag, plain, gzipped } = elementScript();
    const always = {
      // Asked for again each time, and answered with 304: an update of the package is seen at once.
      'cache-control': 'no-cache',
      'content-type': 'text/javascript; charset=utf-8',
      etag,
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    };
    if (headers['if-none-match'] === etag) return new RouteAnswer(304, always);
    if (!/\bgzip\b/.test(headers['accept-encoding'] ?? '')) return new RouteAnswer(200, always, plain);
    return new RouteAnswer(200, { ...always, 'content-encoding': 'gzip' }, gzipped);
  }
}
