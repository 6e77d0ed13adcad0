import { Get } from '@nestjs/common';
import { RouteAnswer } from '../routes/route-answer.js';
import { parameter, type RouteRequest } from '../routes/route-parameters.js';
import { dashboardScript } from './element-script.js';

type Headers = RouteRequest['headers'];
const Headers = (): ParameterDecorator => parameter(({ headers }) => headers);
const ScriptName = (): ParameterDecorator => parameter(({ params }) => params.script);

/** The scripts of `<webhooks-dashboard>`: the same for everybody, so they have none of the app's guards. */
export class DashboardElementController {
  @Get(':script')
  script(@ScriptName() name: string, @Headers() headers: Headers): RouteAnswer {
    const script = dashboardScript(name);
    if (!script) return new RouteAnswer(404, { 'cache-control': 'no-store' });
    const { etag, plain, gzipped } = script;
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
