import type { CallHandler, ExecutionContext, LoggerService, NestInterceptor } from '@nestjs/common';
import { Module, Scope } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { tap, type Observable } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { GLOBAL_SETTINGS } from '../support/global-settings.js';
import { AccountGuard, ADAPTERS, restApp, type RestApp } from '../support/rest-app.js';

class Auditing implements NestInterceptor {
  readonly seen: string[] = [];

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<{ method: string; url: string }>();
    const told = `${context.getClass().name}.${context.getHandler().name} ${request.method} ${request.url}`;
    return next.handle().pipe(tap((value: unknown) => this.seen.push(`${told} ${String(value)}`)));
  }
}

describe.each(ADAPTERS)('Interceptors of the app on %s', (adapter) => {
  let rest: RestApp | undefined;
  afterEach(async () => {
    await rest?.stop();
    rest = undefined;
  });

  it('see each request that was answered, and never what it was answered with', async () => {
    const auditing = new Auditing();
    rest = await restApp({ adapter, configure: (app) => app.useGlobalInterceptors(auditing) });
    const as = rest.as('acme');

    await as.post('/', { name: 'CRM', url: 'https://example.com/', events: ['*'] });
    await as.get('/');
    await rest.call('GET', '/api/webhooks/dashboard', { headers: { 'x-account': 'acme' } });
    await rest.call('GET', '/api/webhooks');

    expect(auditing.seen).toEqual([
      'EndpointsController.create POST /api/webhooks undefined',
      'EndpointsController.list GET /api/webhooks undefined',
      'DashboardPageController.page GET /api/webhooks/dashboard undefined',
    ]);
  });

  it('that throw are told once in the log, since they turn nobody away', async () => {
    const warnings: string[] = [];
    const quiet = (): void => undefined;
    const logger = { log: quiet, error: quiet, debug: quiet, verbose: quiet } as unknown as LoggerService;
    logger.warn = (message: string) => warnings.push(message);
    rest = await restApp({ adapter, logger, ...GLOBAL_SETTINGS['an interceptor that throws']!(adapter) });

    for (let request = 0; request < 3; request++) {
      expect((await rest.as('acme').get('/')).status).toBe(200);
    }

    const told = warnings.filter((message) => message.includes('interceptor'));
    expect(told).toEqual([expect.stringMatching(/HttpException.*use a guard/)]);
  });

  it('leave guards and what they are injected with alone, of each request anew too', async () => {
    const made: object[] = [];
    class EachTime extends AccountGuard {
      constructor() {
        super();
        made.push(this);
      }
    }
    @Module({
      providers: [
        { provide: APP_GUARD, useClass: EachTime, scope: Scope.REQUEST },
        { provide: APP_INTERCEPTOR, useClass: Auditing, scope: Scope.REQUEST },
      ],
    })
    class RequestScopedModule {}
    rest = await restApp({ adapter, imports: [RequestScopedModule] });

    for (let request = 1; request <= 2; request++) {
      expect((await rest.as('acme').get('/')).body).toEqual({ data: [], nextCursor: null });
      expect((await rest.call('GET', '/api/webhooks/dashboard/element.js')).status).toBe(401);
    }
    expect(made).toHaveLength(4);
  });
});
