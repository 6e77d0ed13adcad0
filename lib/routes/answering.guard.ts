import { HttpStatus, Inject, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { actingAs } from '../domain/actor.js';
import { actorOf } from './actor.guard.js';
import { mountedRoute } from './mounted-route.js';
import { RouteAnswer, sealResponse, sendAnswer } from './route-answer.js';
import { argumentsOf, type RouteRequest } from './route-parameters.js';

/** Where `@HttpCode` keeps the status. */
const HTTP_CODE = '__httpCode__';

/**
 * The last guard of every route of ours: runs the handler and sends its answer.
 *
 * Nest runs all guards, then the first interceptor. So the app's guards have let the request in, and the answer is
 * complete before any interceptor of the app starts: none can wrap it, serialize it, time it out, run the handler
 * twice, or cache it for another tenant. Interceptors run afterwards, with `undefined`, so that logs, traces and
 * audits still see the request. Global pipes do not run, since Nest resolves no parameter.
 *
 * `@Res()` in a handler is not enough. An interceptor that answers from a cache does not call the handler, and Nest
 * then sends nothing: the request would hang. Nor is metadata for CacheInterceptor: the app's own caches don't read it.
 */
export class AnsweringGuard implements CanActivate {
  constructor(
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const response = http.getResponse<object>();
    const answer = await this.answer(context.getHandler(), http.getRequest<RouteRequest>());
    await sendAnswer(this.adapterHost.httpAdapter, response, answer);
    sealResponse(response);
    return true;
  }

  private async answer(handler: object, request: RouteRequest): Promise<RouteAnswer> {
    const { routes, name } = mountedRoute(handler);
    const given = await argumentsOf(handler, request);
    const actor = actorOf(request);
    const run = (): unknown => this.moduleRef.get(routes)[name]!(...given);
    const value = await (actor ? actingAs(actor, run) : run());
    if (value instanceof RouteAnswer) return value;
    return RouteAnswer.json((Reflect.getMetadata(HTTP_CODE, handler) as number) ?? HttpStatus.OK, value);
  }
}
