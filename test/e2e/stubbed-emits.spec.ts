import { Injectable } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EmitsWebhook, WebhookEvent, WebhooksModule, WebhooksService } from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { WebhookEmitterMissingError } from '../../lib/mapping/emits-webhook.decorator.js';
import { PLAIN_WEBHOOKS, typeOrm } from '../support/bare-app.js';
import { createDatabase } from '../support/databases.js';

@Injectable()
class Posts {
  ran = 0;

  constructor(readonly webhooks: WebhooksService) {}

  @EmitsWebhook('post.published', { data: (post: { id: string }) => ({ post_id: post.id }), tenant: 'acme' })
  async publish(id: string): Promise<{ id: string }> {
    this.ran++;
    return { id };
  }

  async delete(id: string): Promise<void> {
    await this.webhooks.emit('post.deleted', { id });
  }
}

@Injectable()
@EmitsWebhook({ on: 'draft.saved', type: 'post.created' })
class Drafts {}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

describe('A unit test of a service with @EmitsWebhook', () => {
  it('needs no other provider than WebhooksService, which catches every emit', async () => {
    const emit = vi.fn();
    const module = await Test.createTestingModule({
      providers: [Posts, { provide: WebhooksService, useValue: { emit } }],
    }).compile();
    const posts = module.get(Posts);
    expect(await posts.publish('p1')).toEqual({ id: 'p1' });
    await posts.delete('p1');
    expect(emit.mock.calls).toEqual([
      ['post.published', { post_id: 'p1' }, { tenant: 'acme' }],
      ['post.deleted', { id: 'p1' }],
    ]);
  });

  it('hands a rejection of the given emit to the caller', async () => {
    const emit = vi.fn().mockRejectedValue(new Error('no room'));
    const module = await Test.createTestingModule({
      providers: [Posts, { provide: WebhooksService, useValue: { emit } }],
    }).compile();
    await expect(module.get(Posts).publish('p1')).rejects.toThrow('no room');
  });

  it('is told to provide WebhooksService where it did not', async () => {
    const module = Test.createTestingModule({ providers: [Drafts, DecoratedOnly] }).compile();
    await expect(module).rejects.toThrow(/DecoratedOnly.*WebhooksService/s);
  });

  it('is told, before the method runs, of a WebhooksService that has no emit', async () => {
    const module = await Test.createTestingModule({
      providers: [Posts, { provide: WebhooksService, useValue: {} }],
    }).compile();
    const posts = module.get(Posts);
    await expect(posts.publish('p1')).rejects.toThrow(WebhookEmitterMissingError);
    expect(posts.ran).toBe(0);
  });

  @Injectable()
  class DecoratedOnly {
    @EmitsWebhook('post.published')
    async publish(): Promise<object> {
      return {};
    }
  }
});

describe('In an app with WebhooksModule', () => {
  async function started(override?: (builder: TestingModuleBuilder) => unknown) {
    const builder = Test.createTestingModule({
      imports: [
        typeOrm(await createDatabase('sqlite')),
        EventEmitterModule.forRoot(),
        WebhooksModule.forRoot({
          ...PLAIN_WEBHOOKS,
          events: { 'post.published': {}, 'post.created': {}, 'post.deleted': { on: 'post.gone' } },
        }),
      ],
      providers: [Posts, Drafts],
    });
    override?.(builder);
    const module = await builder.compile();
    await module.init();
    cleanups.push(() => module.close());
    return {
      module,
      emitInEveryWay: async () => {
        await module.get(Posts).publish('p1');
        await module.get(Posts).delete('p1');
        await module.get(EventEmitter2).emitAsync('draft.saved', { id: 'd1' });
        await module.get(EventEmitter2).emitAsync('post.gone', { id: 'g1' });
      },
      stored: () => module.get(DataSource).getRepository(WebhookEvent).count(),
    };
  }

  const EVERY_EMIT = [
    ['post.published', { post_id: 'p1' }, { tenant: 'acme' }],
    ['post.deleted', { id: 'p1' }],
    ['post.created', { id: 'd1' }, {}],
    ['post.deleted', { id: 'g1' }, {}],
  ];

  it('overrideProvider(WebhooksService) catches calls, decorated methods and mapped domain events', async () => {
    const emit = vi.fn();
    const { emitInEveryWay, stored } = await started((builder) =>
      builder.overrideProvider(WebhooksService).useValue({ emit }),
    );
    await emitInEveryWay();
    expect(emit.mock.calls).toEqual(EVERY_EMIT);
    expect(await stored()).toBe(0);
  });

  it('a spy on emit, set after the app has started, sees all of them, and they are still stored', async () => {
    const { module, emitInEveryWay, stored } = await started();
    const emit = vi.spyOn(module.get(WebhooksService), 'emit');
    await emitInEveryWay();
    expect(emit.mock.calls).toEqual(EVERY_EMIT);
    expect(await stored()).toBe(4);
    emit.mockRestore();
    await emitInEveryWay();
    expect(await stored()).toBe(8);
  });
});
