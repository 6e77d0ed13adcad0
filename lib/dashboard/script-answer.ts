import { RouteAnswer } from '../routes/route-answer.js';
import { parameter, type RouteRequest } from '../routes/route-parameters.js';
import type { ElementScript } from './element-script.js';

export type ScriptHeaders = RouteRequest['headers'];
export const ScriptHeaders = (): ParameterDecorator => parameter(({ headers }) => headers);
export const ScriptName = (): ParameterDecorator => parameter(({ params }) => params.script);

/** A script, unless the reader has it already; 404 where there is none. */
export function scriptAnswer(script: ElementScript | undefined, headers: ScriptHeaders): RouteAnswer {
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
