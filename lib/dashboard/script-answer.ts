import { RouteAnswer } from '../routes/route-answer.js';
import { parameter, type RouteRequest } from '../routes/route-parameters.js';
import type { ElementScript } from './element-script.js';

export type ScriptHeaders = RouteRequest['headers'];
export const ScriptHeaders = (): ParameterDecorator => parameter(({ headers }) => headers);
export const ScriptName = (): ParameterDecorator => parameter(({ params }) => params.script);

/** Responds with a script, with 304 if the client has it already, or with 404. */
export function scriptAnswer(script: ElementScript | undefined, headers: ScriptHeaders): RouteAnswer {
  if (!script) return new RouteAnswer(404, { 'cache-control': 'no-store' });
  const { etag, plain, gzipped } = script;
  const always = {
    // Clients revalidate each time, so they see an update of the package at once.
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
