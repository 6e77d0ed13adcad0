import {
  RequestMethod,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { WebhooksOperator } from 'nestjs-webhooks';
import { OPERATOR_ROUTES } from '../../lib/api/operator/operator-controllers.js';
import { OperatorDocumentsController } from '../../lib/documents/operator-documents.controller.js';
import { restApp, type HeaderRequest, type RestAnswer, type RestAppOptions } from './rest-app.js';

/** Responds with 401 to anonymous requests, and with 403 to people who are not on call. */
export class OperatorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const operator = context.switchToHttp().getRequest<HeaderRequest>().headers['x-operator'];
    if (operator === undefined) throw new UnauthorizedException('Say who you are.');
    return operator === 'ada';
  }
}

/** The path of the routes. */
export const OPERATOR_PATH = '/api/admin/webhooks';

/** Every mounted route, such as `GET /endpoints/:id`. */
export const mountedOperatorRoutes = (): string[] =>
  [...OPERATOR_ROUTES, OperatorDocumentsController].flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = (prototype as Record<string, object>)[name]!;
      const path = Reflect.getMetadata('path', handler) as string | undefined;
      if (name === 'constructor' || path === undefined) return [];
      const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
      return `${method} /${path.replace(/^\//, '')}`;
    }),
  );

/** `restApp` with the operators' routes. `operator` calls them as Ada. */
export async function operatorApp(options: RestAppOptions = {}) {
  const rest = await restApp({
    ...options,
    webhooks: {
      operator: {
        guards: [OperatorGuard],
        actor: (request: HeaderRequest) => request.headers['x-operator'] ?? '',
      },
      ...options.webhooks,
    },
  });
  const under =
    (method: string) =>
    (path: string, body?: unknown): Promise<RestAnswer> =>
      rest.call(method, `${OPERATOR_PATH}${path}`, {
        headers: { 'x-operator': 'ada' },
        ...(body === undefined ? {} : { body }),
      });
  return {
    ...rest,
    service: rest.app.get(WebhooksOperator),
    operator: { get: under('GET'), post: under('POST'), put: under('PUT'), delete: under('DELETE') },
  };
}

export type OperatorApp = Awaited<ReturnType<typeof operatorApp>>;
