import { Get } from '@nestjs/common';
import { RouteAnswer } from '../routes/route-answer.js';
import { parameter, type RouteRequest } from '../routes/route-parameters.js';
import { elementScript, germanScript, type DashboardScript } from './element-script.js';

type Headers = RouteRequest['headers'];
const Headers = (): ParameterDecorator => parameter(({ headers }) => headers);

/** The scripts of `<webhooks-dashboard>`: the same for everybody, so they have none of the app's guards. */
export class DashboardElementController {
  @Get('element.js')
  script(@Headers() headers: Headers): RouteAnswer {
    return answer(elementScript(), headers);
  }

  @Get('de.js')
  german(@Headers() headers: Headers): RouteAnswer {
    return answer(germanScript(), headers);
  }
}

function answer({ etag, plain, gzipped }: DashboardScript, headers: Headers): RouteAnswer {
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
