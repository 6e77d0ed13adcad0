import { Injectable, Module, type CanActivate, type DynamicModule } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import {
  InvalidWebhooksOptionError,
  WebhookEvent,
  WebhooksModule,
  WebhooksService,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import { RelayService } from '../../lib/dispatch/relay.service.js';
import { bareApp, PLAIN_WEBHOOKS, typeOrm, type BareApp } from '../support/bare-app.js';
import { createDatabase, type DatabaseKind } from '../support/databases.js';

@Injectable()
class AccountGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

const tenant = (): string => 'acme';
const NAMED = { tenant: 'acme' };

/** New objects each time, as two modules that were written one after the other have them. */
const options = (change: Partial<WebhooksModuleOptions> = {}): WebhooksModuleOptions => ({
  ...PLAIN_WEBHOOKS,
  events: { 'post.published': { on: { on: 'post.live', ...NAMED } } },
  api: { guards: [AccountGuard], tenant },
  ...change,
});

/** An app of two modules that each import WebhooksModule. */
function twoModules(shared: DynamicModule, orders: DynamicModule): object[] {
  @Module({ imports: [shared] })
  class SharedModule {}
  @Module({ imports: [SharedModule, orders] })
  class OrdersModule {}
  return [SharedModule, OrdersModule];
}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(modules: object[], kind: DatabaseKind = 'sqlite'): Promise<BareApp> {
  const database = await createDatabase(kind);
  cleanups.push(() => database.drop());
  const started = await bareApp({
    imports: [typeOrm(database), EventEmitterModule.forRoot(), ...(modules as DynamicModule[])],
  });
  cleanups.push(() => started.app.close());
  return started;
}

const failure = (modules: object[]): Promise<unknown> =>
  start(modules).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('WebhooksModule with the same options twice', () => {
  const shared = options();

  it.each<[string, () => [DynamicModule, DynamicModule]]>([
    ['one module of the app', () => Array<DynamicModule>(2).fill(WebhooksModule.forRoot(options())) as never],
    ['one object', () => [WebhooksModule.forRoot(shared), WebhooksModule.forRoot(shared)]],
    ['equal objects', () => [WebhooksModule.forRoot(options()), WebhooksModule.forRoot(options())]],
    [
      'one factory',
      () => {
        const { events, api } = shared;
        const async = (): DynamicModule => WebhooksModule.forRootAsync({ events, api, useFactory });
        return [async(), async()];
      },
    ],
  ])('is one module (%s): a domain event becomes one webhook, on new tables', async (_, both) => {
    const { app } = await start(twoModules(...both()), 'postgres');
    await app.get(EventEmitter2).emitAsync('post.live', {});
    expect(await app.get(DataSource).getRepository(WebhookEvent).count()).toBe(1);
    expect(app.get(RelayService, { strict: false, each: true })).toHaveLength(1);
  });

  const useFactory = (): object => ({ network: PLAIN_WEBHOOKS.network, delivery: PLAIN_WEBHOOKS.delivery });
});

describe('WebhooksModule with different options twice', () => {
  it('stops the app with where both are, what differs and what to write', async () => {
    const error = await failure(
      twoModules(WebhooksModule.forRoot(options()), WebhooksModule.forRoot(options({ retention: '7d' }))),
    );
    expect(error).toBeInstanceOf(InvalidWebhooksOptionError);
    expect((error as Error).message).toMatch(
      /^WebhooksModule is imported with different options: first by WebhooksModule\.forRoot in SharedModule \(test\/e2e\/one-module\.spec\.ts:\d+\), then by WebhooksModule\.forRoot in OrdersModule \(test\/e2e\/one-module\.spec\.ts:\d+\)\. They differ in retention;/,
    );
    expect((error as Error).message).toMatch(/write export const webhooks = WebhooksModule\.forRoot\(/);
  });

  it('takes two functions for different ones, whatever their text', async () => {
    const mine = (key: 'a' | 'b'): WebhooksModuleOptions =>
      options({ api: { guards: [AccountGuard], tenant: () => key } });
    const error = await failure(
      twoModules(WebhooksModule.forRoot(mine('a')), WebhooksModule.forRoot(mine('b'))),
    );
    expect((error as Error).message).toContain(
      'They differ in api.tenant; functions and instances are the same only',
    );
  });

  it('takes forRoot and forRootAsync for different ones', async () => {
    const { events = {}, api = false } = options();
    const error = await failure(
      twoModules(
        WebhooksModule.forRoot(options()),
        WebhooksModule.forRootAsync({ events, api, useFactory: () => ({}) }),
      ),
    );
    expect((error as Error).message).toMatch(
      /forRoot in SharedModule .* WebhooksModule\.forRootAsync in OrdersModule/,
    );
  });

  it('is no matter of other apps in the process, one after another or at once', async () => {
    const apps = await Promise.all(
      ['1d', '2d', '2d'].map((retention) =>
        start([WebhooksModule.forRoot(options({ retention: retention as '1d' }))]),
      ),
    );
    await start([WebhooksModule.forRoot(options({ retention: '3d' }))]);
    const services = apps.map(({ app }) => app.get(WebhooksService));
    expect(new Set(services).size).toBe(3);
    await services[1]!.emit('post.published', {}, NAMED);
    const counts = apps.map(({ app }) => app.get(DataSource).getRepository(WebhookEvent).count());
    expect(await Promise.all(counts)).toEqual([0, 1, 0]);
  });

  it('is found in a module that is loaded lazily', async () => {
    const { app } = await start([WebhooksModule.forRoot(options())]);
    @Module({ imports: [WebhooksModule.forRoot(options({ retention: '7d' }))] })
    class LateModule {}
    await expect(app.get(LazyModuleLoader).load(() => LateModule)).rejects.toThrow(
      'WebhooksModule is imported with different options',
    );
  });

  it('is found where Nest names modules by what they hold', async () => {
    const mine = (key: string): DynamicModule =>
      WebhooksModule.forRoot(options({ api: { guards: [AccountGuard], tenant: () => key } }));
    const builder = Test.createTestingModule(
      {
        imports: [
          typeOrm(await createDatabase('sqlite')),
          ...(twoModules(mine('a'), mine('b')) as DynamicModule[]),
        ],
      },
      { moduleIdGeneratorAlgorithm: 'deep-hash' },
    );
    await expect(builder.compile()).rejects.toThrow('They differ in api.tenant');
  });
});
