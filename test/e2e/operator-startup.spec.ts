import { Injectable, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { WebhooksModule, WebhooksOperator, type WebhooksModuleOptions } from 'nestjs-webhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { OperatorGuard } from '../support/operator-app.js';
import { AccountGuard, ADAPTERS, restApp, type HeaderRequest, type RestApp } from '../support/rest-app.js';
import { EVENTS } from '../support/sending-app.js';

type Options = Pick<WebhooksModuleOptions, 'api' | 'operator'>;

/** Lets in whoever has the role that it was made with. */
class RoleGuard implements CanActivate {
  constructor(private readonly role: string) {}

  canActivate(): boolean {
    return this.role === 'admin';
  }
}

@Injectable()
class Directory {
  isOnCall(name: string | undefined): boolean {
    return name === 'ada';
  }
}

@Module({ providers: [Directory], exports: [Directory] })
class DirectoryModule {}

@Injectable()
class OnCallGuard implements CanActivate {
  constructor(private readonly directory: Directory) {}

  canActivate(context: ExecutionContext): boolean {
    return this.directory.isOnCall(context.switchToHttp().getRequest<HeaderRequest>().headers['x-operator']);
  }
}

const API: WebhooksModuleOptions['api'] = { guards: [AccountGuard], tenant: () => 'acme' };
const startingWith =
  ({ api = API, operator }: { api?: Options['api']; operator?: unknown }) =>
  () =>
    WebhooksModule.forRoot({ events: EVENTS, api, operator: operator as never });

describe("The operators' routes do not start", () => {
  it.each([
    ['an empty object', {}],
    ['an empty list of guards', { guards: [] }],
  ])('with %s, and the app is told what to write', (_, operator) => {
    for (const api of [API, false as const, { public: true }]) {
      expect(startingWith({ api, operator })).toThrow(
        /^operator\.guards is missing: these routes show and change the webhooks of every tenant\. Write operator: \{ guards: \[AdminGuard\] \}/,
      );
    }
  });

  it.each<[string, Options]>([
    ['the same class', { api: { guards: [AccountGuard] }, operator: { guards: [AccountGuard] } }],
    [
      'some of the same classes',
      { api: { guards: [AccountGuard, OperatorGuard] }, operator: { guards: [OperatorGuard] } },
    ],
    [
      'an instance of the class',
      { api: { guards: [AccountGuard] }, operator: { guards: [new AccountGuard()] } },
    ],
    [
      'an instance made alike',
      { api: { guards: [new RoleGuard('user')] }, operator: { guards: [new RoleGuard('user')] } },
    ],
  ])("with the customers' guards alone: %s", (_, options) => {
    expect(startingWith(options)).toThrow(
      /^operator\.guards has no guard that api\.guards does not have, so that every customer could see .* Add one/,
    );
  });

  it.each<[string, unknown, string]>([
    [
      'true',
      true,
      'operator must be an object such as { guards: [AdminGuard] }, or false for no routes over all tenants, got boolean.',
    ],
    ['null', null, 'got null.'],
    ['a list', [OperatorGuard], 'got a list.'],
    ['a guard that is none', { guards: ['jwt'] }, 'operator.guards[0] must be a guard, got jwt.'],
    [
      'guards that are no list',
      { guards: OperatorGuard },
      'operator.guards must be a list of guards. Write [YourAdminGuard].',
    ],
    [
      'public: true',
      { public: true },
      "operator.public is no option. There are 'path', 'guards', 'actor', 'version'.",
    ],
    ['a wrong name', { guards: [OperatorGuard], pth: 'x' }, 'operator.pth is no option. Did you mean path?'],
    [
      'an actor that is no function',
      { guards: [OperatorGuard], actor: 'ada' },
      'operator.actor must be a function of the request, such as (request) => request.user.email, got string.',
    ],
    [
      'a path with a space',
      { guards: [OperatorGuard], path: 'a b' },
      `operator.path must be a path such as 'admin/webhooks', got "a b".`,
    ],
    ['no path', { guards: [OperatorGuard], path: '/' }, 'operator.path must be a path'],
  ])('with %s', (_, operator, problem) => {
    expect(startingWith({ operator })).toThrow(problem);
  });

  it.each([
    ['webhooks', 'webhooks'],
    ['webhooks', '/Webhooks/operator/'],
    ['admin/webhooks/customers', 'admin/webhooks'],
    ['accounts/:account/webhooks', 'accounts/admin/webhooks/all'],
  ])("where one could take the other's paths: api at %s, operator at %s", (apiPath, path) => {
    const options = { api: { ...API, path: apiPath }, operator: { guards: [OperatorGuard], path } };
    expect(startingWith(options)).toThrow(
      'operator.path must neither be api.path nor lie under it, nor the other way round, got',
    );
  });

  it("starts beside the customers' guards with one of its own, by class or by what an instance was made with", () => {
    startingWith({ operator: { guards: [AccountGuard, OperatorGuard] } })();
    startingWith({
      api: { guards: [new RoleGuard('user')] },
      operator: { guards: [new RoleGuard('admin')] },
    })();
    startingWith({ api: { ...API, path: 'admin/webhook' }, operator: { guards: [OperatorGuard] } })();
  });
});

describe.each(ADAPTERS)("The operators' routes on %s", (adapter) => {
  let rest: RestApp | undefined;

  afterEach(async () => {
    await rest?.stop();
    rest = undefined;
  });

  const start = async (webhooks: Partial<WebhooksModuleOptions>): Promise<RestApp> =>
    (rest = await restApp({ adapter, webhooks }));
  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await rest!.call('GET', path, { headers })).status;
  const ada = { 'x-operator': 'ada' };

  it('are not there without the option, and the service is', async () => {
    await start({});

    expect(await status('/api/admin/webhooks/workers', ada)).toBe(404);
    expect((await rest!.app.get(WebhooksOperator).workers.list()).data).toMatchObject([{ isAlive: true }]);
  });

  it("are there without the customers' routes, at their own path, behind all of their guards", async () => {
    await start({ api: false, operator: { guards: [AccountGuard, OperatorGuard], path: '/ops/hooks/' } });

    expect(await status('/api/ops/hooks/workers')).toBe(401);
    expect(await status('/api/ops/hooks/workers', { 'x-account': 'acme' })).toBe(401);
    expect(await status('/api/ops/hooks/workers', { 'x-account': 'acme', 'x-operator': 'bob' })).toBe(403);
    expect(await status('/api/ops/hooks/workers', { 'x-account': 'acme', ...ada })).toBe(200);
    expect(await status('/api/webhooks', { 'x-account': 'acme' })).toBe(404);
  });

  it('have a version where they are given one', async () => {
    await start({ operator: { guards: [OperatorGuard], version: '2' } });

    expect(await status('/api/v2/admin/webhooks/workers', ada)).toBe(200);
    expect(await status('/api/admin/webhooks/workers', ada)).toBe(404);
  });

  it('are behind a guard whose dependencies come from imports', async () => {
    await start({ operator: { guards: [OnCallGuard] }, imports: [DirectoryModule] });

    expect(await status('/api/admin/webhooks/workers', { 'x-operator': 'bob' })).toBe(403);
    expect(await status('/api/admin/webhooks/workers', ada)).toBe(200);
  });
});
