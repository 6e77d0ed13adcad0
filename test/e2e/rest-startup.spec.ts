import { Injectable, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhooksModule, type WebhooksModuleOptions } from 'nestjs-webhooks';
import { AccountGuard, ADAPTERS, restApp, type HeaderRequest, type RestApp } from '../support/rest-app.js';
import { EVENTS } from '../support/sending-app.js';

@Injectable()
class AccountDirectory {
  knows(account: string | undefined): boolean {
    return account === 'acme';
  }
}

@Module({ providers: [AccountDirectory], exports: [AccountDirectory] })
class AccountsModule {}

@Injectable()
class DirectoryGuard implements CanActivate {
  constructor(private readonly directory: AccountDirectory) {}

  canActivate(context: ExecutionContext): boolean {
    return this.directory.knows(context.switchToHttp().getRequest<HeaderRequest>().headers['x-account']);
  }
}

const startingWith = (api?: WebhooksModuleOptions['api']) => () =>
  WebhooksModule.forRoot({ events: EVENTS, ...(api ? { api } : {}) });

describe('An app with routes that nothing guards', () => {
  it.each([
    ['no api option', undefined],
    ['no guards', {}],
    ['an empty list of guards', { guards: [] }],
    ['public: false', { public: false }],
    ['a tenant but no guard', { tenant: () => 'acme' }],
  ])('does not start with %s, and is told what to write', (_, api) => {
    expect(startingWith(api)).toThrow(
      /^api\.guards is missing: anybody could read and change every webhook\./,
    );
    expect(startingWith(api)).toThrow('Write api: { guards: [YourAuthGuard], tenant: (request) =>');
    expect(startingWith(api)).toThrow('api: { public: true }');
    expect(startingWith(api)).toThrow('api: false');
  });

  it('does not start with something that is no guard', () => {
    expect(startingWith({ guards: ['jwt' as never] })).toThrow('api.guards[0] must be a guard, got jwt.');
  });

  it.each(['', '/', 'web hooks', 'a?b', 5 as never])('does not start with the path %j', (path) => {
    expect(startingWith({ guards: [AccountGuard], path })).toThrow(/^api\.path must be a path/);
  });
});

describe.each(ADAPTERS)('The routes on %s', (adapter) => {
  let rest: RestApp | undefined;

  afterEach(async () => {
    await rest?.stop();
    rest = undefined;
  });

  const start = async (api: NonNullable<WebhooksModuleOptions['api']>, more: object = {}): Promise<RestApp> =>
    (rest = await restApp({ adapter, webhooks: { api, ...more } }));
  const status = async (path: string, account?: string): Promise<number> =>
    (await rest!.call('GET', path, { headers: account === undefined ? {} : { 'x-account': account } }))
      .status;

  it('are not there with api: false', async () => {
    await start(false);

    expect(await status('/api/webhooks', 'acme')).toBe(404);
    expect(await status('/api/webhooks/event-types', 'acme')).toBe(404);
    expect(await status('/webhooks', 'acme')).toBe(404);
  });

  it('are open with public: true', async () => {
    await start({ public: true });

    expect(await status('/api/webhooks')).toBe(200);
  });

  it('are behind a guard whose dependencies come from imports', async () => {
    await start({ guards: [DirectoryGuard] }, { imports: [AccountsModule] });

    expect(await status('/api/webhooks', 'acme')).toBe(200);
    expect(await status('/api/webhooks', 'globex')).toBe(403);
  });

  it('are behind a guard that is an instance', async () => {
    await start({ guards: [new DirectoryGuard(new AccountDirectory())] });

    expect(await status('/api/webhooks', 'acme')).toBe(200);
    expect(await status('/api/webhooks', 'globex')).toBe(403);
  });

  it('are behind all of their guards, in order', async () => {
    await start({ guards: [AccountGuard, new DirectoryGuard(new AccountDirectory())] });

    expect(await status('/api/webhooks')).toBe(401);
    expect(await status('/api/webhooks', 'globex')).toBe(403);
    expect(await status('/api/webhooks', 'acme')).toBe(200);
  });

  it.each(['settings/integrations/webhooks', '/settings/integrations/webhooks/'])(
    'are under the path %s',
    async (path) => {
      await start({ guards: [AccountGuard], path });

      expect(await status('/api/settings/integrations/webhooks', 'acme')).toBe(200);
      expect(await status('/api/settings/integrations/webhooks/event-types', 'acme')).toBe(200);
      expect(await status('/api/webhooks', 'acme')).toBe(404);
    },
  );

  it('can take the tenant from a parameter of the path', async () => {
    await start({
      guards: [AccountGuard],
      path: 'accounts/:account/webhooks',
      tenant: (request: { params: { account: string } }) => request.params.account,
    });
    const id = await rest!.endpoint('acme');

    expect(await status(`/api/accounts/acme/webhooks/${id}`, 'x')).toBe(200);
    expect(await status(`/api/accounts/globex/webhooks/${id}`, 'x')).toBe(404);
  });

  it('have no version unless they are given one', async () => {
    await start({ guards: [AccountGuard] });
    expect(await status('/api/webhooks', 'acme')).toBe(200);
    await rest!.stop();

    await start({ guards: [AccountGuard], version: '2' });
    expect(await status('/api/v2/webhooks', 'acme')).toBe(200);
    expect(await status('/api/webhooks', 'acme')).toBe(404);
  });

  it('wait for a tenant that takes a moment', async () => {
    await start({ guards: [AccountGuard], tenant: async (r: HeaderRequest) => r.headers['x-account'] ?? '' });
    const id = await rest!.endpoint('acme');

    expect(await status(`/api/webhooks/${id}`, 'acme')).toBe(200);
    expect(await status(`/api/webhooks/${id}`, 'globex')).toBe(404);
  });
});
