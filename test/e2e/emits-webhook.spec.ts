import {
  Controller,
  Get,
  Inject,
  Injectable,
  Post,
  Scope,
  SetMetadata,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type Provider,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { EventEmitter2, OnEvent } from '@nestjs/event-emitter';
import { Cron, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Exclude, Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';
import type { Observable } from 'rxjs';
import { map } from 'rxjs';
import { DataSource, type EntityManager } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EmitsWebhook, InvalidWebhookDataError, WebhookEvent } from 'nestjs-webhooks';
import { provideWebhookEmitter } from 'nestjs-webhooks/testing';
import { WebhookEmitterMissingError } from '../../lib/mapping/emits-webhook.decorator.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

interface Post {
  id: string;
  author: string;
}

let t: SendingApp;

afterEach(() => t?.stop());

/** An app with no tenants that knows these classes. */
async function appWith(providers: Provider[], options: SendingAppOptions = {}): Promise<void> {
  t = await sendingApp({ providers, ...options, webhooks: { api: false, ...options.webhooks } });
}

interface Emitted {
  type: string;
  tenant: string;
  data: unknown;
}

async function emitted(): Promise<Emitted[]> {
  const rows = await t.dataSource.getRepository(WebhookEvent).find({ order: { id: 'ASC' } });
  return rows.map(({ type, tenant, body }) => ({ type, tenant, data: JSON.parse(body).data }));
}

const types = async (): Promise<string[]> => (await emitted()).map(({ type }) => type);

describe('@EmitsWebhook on a method', () => {
  it('emits the resolved value after the method returned, and gives the caller the same value', async () => {
    const before: string[][] = [];
    @Injectable()
    class Posts {
      @EmitsWebhook('post.published')
      async publish(id: string): Promise<Post> {
        before.push(await types());
        return { id, author: 'ada' };
      }
    }
    await appWith([Posts]);
    const post = await t.app.get(Posts).publish('p1');
    expect(post).toEqual({ id: 'p1', author: 'ada' });
    expect(before).toEqual([[]]);
    expect(await emitted()).toEqual([
      { type: 'post.published', tenant: '', data: { id: 'p1', author: 'ada' } },
    ]);
  });

  it('sends of an entity only what the payload class names', async () => {
    class Address {
      @IsString()
      city!: string;
    }
    class UserCreated {
      @IsString()
      id!: string;

      @ValidateNested()
      @Type(() => Address)
      address!: Address;
    }
    class User {
      id = 'u1';
      @Exclude()
      passwordHash = 'SENTINEL';
      address = { city: 'Berlin', gateCode: 'SENTINEL' };
    }
    @Injectable()
    class Users {
      @EmitsWebhook('user.created')
      async create(): Promise<User> {
        return new User();
      }
    }
    await appWith([Users], { webhooks: { events: { 'user.created': { payload: UserCreated } } } });
    await t.endpoint({ tenant: '' });
    expect(await t.app.get(Users).create()).toBeInstanceOf(User);
    await t.settled();
    expect(JSON.parse(t.receiver.arrivals[0]!.body)).toMatchObject({
      data: { id: 'u1', address: { city: 'Berlin' } },
    });
    expect(t.receiver.arrivals[0]!.body).not.toContain('SENTINEL');
  });

  it('has stored the event, and sends it, by the time its caller goes on', async () => {
    @Injectable()
    class Posts {
      @EmitsWebhook('post.published')
      async publish(): Promise<{ id: string }> {
        return { id: 'p1' };
      }
    }
    await appWith([Posts]);
    await t.endpoint({ tenant: '' });
    await t.app.get(Posts).publish();
    const [arrival] = await t.receiver.received(1);
    expect(JSON.parse(arrival!.body)).toMatchObject({ event_type: 'post.published', data: { id: 'p1' } });
  });

  it('emits nothing for a method that rejects, or throws before its first await', async () => {
    @Injectable()
    class Posts {
      @EmitsWebhook('post.published')
      async rejects(): Promise<object> {
        throw new Error('no such post');
      }

      @EmitsWebhook('post.published')
      throws(): Promise<object> {
        throw new Error('no id');
      }
    }
    await appWith([Posts]);
    await expect(t.app.get(Posts).rejects()).rejects.toThrow('no such post');
    await expect(t.app.get(Posts).throws()).rejects.toThrow('no id');
    expect(await emitted()).toEqual([]);
  });

  it('gives its functions the result and then the arguments of the method', async () => {
    const manager = vi.fn(() => undefined);
    @Injectable()
    class Posts {
      @EmitsWebhook('post.published', {
        data: (post: Post, _draft: string, notify: boolean) => ({ post_id: post.id, notify }),
        tenant: (post: Post) => post.author,
        idempotencyKey: (post: Post, draft: string) => `${post.id}:${draft}`,
        when: (_post: Post, draft: string) => draft !== 'empty',
        manager,
      })
      async publish(draft: string, _notify: boolean): Promise<Post> {
        return { id: 'p1', author: `author of ${draft}` };
      }
    }
    t = await sendingApp({ providers: [Posts] });
    const posts = t.app.get(Posts);
    await posts.publish('d1', true);
    await posts.publish('d1', false);
    await posts.publish('empty', true);
    expect(await emitted()).toEqual([
      { type: 'post.published', tenant: 'author of d1', data: { post_id: 'p1', notify: true } },
    ]);
    expect(manager).toHaveBeenCalledWith({ id: 'p1', author: 'author of d1' }, 'd1', true);
  });

  it('takes a fixed tenant', async () => {
    @Injectable()
    class Posts {
      @EmitsWebhook('post.published', { tenant: 'acme' })
      async publish(): Promise<object> {
        return {};
      }
    }
    t = await sendingApp({ providers: [Posts] });
    await t.app.get(Posts).publish();
    expect(await emitted()).toEqual([{ type: 'post.published', tenant: 'acme', data: {} }]);
  });

  it('stores the event with the transaction that its manager names, and drops it with that', async () => {
    @Injectable()
    class Posts {
      constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

      import(fail: boolean): Promise<unknown> {
        return this.dataSource.transaction(async (manager) => {
          await this.create(manager);
          if (fail) throw new Error('the next row is bad');
        });
      }

      @EmitsWebhook('post.created', {
        data: () => ({}),
        manager: (_: unknown, manager: EntityManager) => manager,
      })
      async create(_manager: EntityManager): Promise<void> {}
    }
    await appWith([Posts]);
    await t.endpoint({ tenant: '' });
    await expect(t.app.get(Posts).import(true)).rejects.toThrow('the next row is bad');
    expect(await emitted()).toEqual([]);
    await t.app.get(Posts).import(false);
    expect(await types()).toEqual(['post.created']);
    expect(await t.receiver.received(1)).toHaveLength(1);
  });

  it('hands an error of the emit to the caller', async () => {
    @Injectable()
    class Posts {
      done = 0;

      @EmitsWebhook('post.published')
      async publish(): Promise<void> {
        this.done++;
      }

      @EmitsWebhook('post.published', {
        data: () => {
          throw new Error('no data');
        },
      })
      async mapped(): Promise<object> {
        return {};
      }
    }
    await appWith([Posts]);
    const posts = t.app.get(Posts);
    await expect(posts.publish()).rejects.toThrow(InvalidWebhookDataError);
    expect(posts.done).toBe(1);
    await expect(posts.mapped()).rejects.toThrow('no data');
    expect(await emitted()).toEqual([]);
  });

  it('stops the app when the type of a method is not in the catalogue', async () => {
    @Injectable()
    class Posts {
      @EmitsWebhook('post.publlished')
      async publish(): Promise<object> {
        return {};
      }
    }
    await expect(appWith([Posts])).rejects.toThrow(
      "@EmitsWebhook('post.publlished') on Posts emits 'post.publlished', which is not an event type of this app. " +
        'Add it to the option events, or correct the name.',
    );
  });

  it('emits one event for each of several decorators, the lowest first', async () => {
    @Injectable()
    class Posts {
      @EmitsWebhook('post.published', { data: ({ id }: Post) => ({ published: id }) })
      @EmitsWebhook('post.created')
      async publish(id: string): Promise<Post> {
        return { id, author: 'ada' };
      }
    }
    await appWith([Posts]);
    await t.app.get(Posts).publish('p1');
    expect(await emitted()).toEqual([
      { type: 'post.created', tenant: '', data: { id: 'p1', author: 'ada' } },
      { type: 'post.published', tenant: '', data: { published: 'p1' } },
    ]);
  });

  it('works on methods named by symbols', async () => {
    const publish = Symbol('publish');
    @Injectable()
    class Posts {
      @EmitsWebhook('post.published')
      async [publish](): Promise<object> {
        return {};
      }
    }
    await appWith([Posts]);
    await t.app.get(Posts)[publish]();
    expect(await types()).toEqual(['post.published']);
  });

  it('keeps the name and the number of parameters of the method', () => {
    class Posts {
      @EmitsWebhook('post.published')
      async publish(_id: string, _at: number): Promise<object> {
        return {};
      }
    }
    expect(Posts.prototype.publish.name).toBe('publish');
    expect(Posts.prototype.publish).toHaveLength(2);
  });
});

describe('@EmitsWebhook and inheritance', () => {
  abstract class Publisher {
    @EmitsWebhook('post.published', { data: (id: string) => ({ id }) })
    async publish(id: string): Promise<string> {
      return id;
    }
  }

  it('emits for a method that a class inherits', async () => {
    @Injectable()
    class Posts extends Publisher {}
    await appWith([Posts]);
    await t.app.get(Posts).publish('p1');
    expect(await emitted()).toEqual([{ type: 'post.published', tenant: '', data: { id: 'p1' } }]);
  });

  it('emits for inherited methods beside decorated methods and properties of the class itself', async () => {
    @Injectable()
    class Settings {}
    @Injectable()
    class Posts extends Publisher {
      @Inject(Settings) readonly settings!: Settings;

      @EmitsWebhook('post.created')
      async create(): Promise<object> {
        return {};
      }
    }
    await appWith([Settings, Posts]);
    const posts = t.app.get(Posts);
    await posts.create();
    await posts.publish('p1');
    expect(posts.settings).toBeInstanceOf(Settings);
    expect(await types()).toEqual(['post.created', 'post.published']);
  });

  it('emits nothing for an override without the decorator that leaves the parent’s method alone', async () => {
    @Injectable()
    class Posts extends Publisher {
      override async publish(id: string): Promise<string> {
        return `own ${id}`;
      }
    }
    await appWith([Posts]);
    expect(await t.app.get(Posts).publish('p1')).toBe('own p1');
    expect(await emitted()).toEqual([]);
  });

  it('emits once for an override without the decorator that calls super', async () => {
    @Injectable()
    class Posts extends Publisher {
      override async publish(id: string): Promise<string> {
        return `own ${await super.publish(id)}`;
      }
    }
    await appWith([Posts]);
    expect(await t.app.get(Posts).publish('p1')).toBe('own p1');
    expect(await emitted()).toEqual([{ type: 'post.published', tenant: '', data: { id: 'p1' } }]);
  });

  it('emits for each decorated method that ran: the parent’s, then the override that called it', async () => {
    @Injectable()
    class Posts extends Publisher {
      @EmitsWebhook('post.created', { data: (id: string) => ({ id }) })
      override async publish(id: string): Promise<string> {
        return `own ${await super.publish(id)}`;
      }
    }
    await appWith([Posts]);
    await t.app.get(Posts).publish('p1');
    expect(await emitted()).toEqual([
      { type: 'post.published', tenant: '', data: { id: 'p1' } },
      { type: 'post.created', tenant: '', data: { id: 'own p1' } },
    ]);
  });
});

describe('@EmitsWebhook among other decorators', () => {
  const Role = (role: string) => SetMetadata('role', role);

  @Injectable()
  class RoleGuard implements CanActivate {
    constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

    canActivate(context: ExecutionContext): boolean {
      const role = this.reflector.get<string | undefined>('role', context.getHandler());
      return (
        context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers['x-role'] === role
      );
    }
  }

  class Wrapped implements NestInterceptor {
    intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
      return next.handle().pipe(map((value: object) => ({ wrapped: value })));
    }
  }

  @Controller('above')
  class Above {
    @EmitsWebhook('post.published')
    @Post()
    @Role('editor')
    @UseGuards(RoleGuard)
    @UseInterceptors(Wrapped)
    async publish(): Promise<object> {
      return { id: 'p1' };
    }
  }

  @Controller('below')
  class Below {
    @UseInterceptors(Wrapped)
    @UseGuards(RoleGuard)
    @Role('editor')
    @Get()
    @EmitsWebhook('post.published')
    async publish(): Promise<object> {
      return { id: 'p1' };
    }
  }

  it.each([
    ['above', 'POST', Above],
    ['below', 'GET', Below],
  ])(
    'emits from a route handler when it stands %s the others, which keep working',
    async (path, method, Routes) => {
      await appWith([RoleGuard], { controllers: [Routes] });
      await t.app.listen(0, '127.0.0.1');
      const url = `${await t.app.getUrl()}/${path}`;
      const refused = await fetch(url, { method, headers: { 'x-role': 'reader' } });
      expect(refused.status).toBe(403);
      expect(await emitted()).toEqual([]);
      const answer = await fetch(url, { method, headers: { 'x-role': 'editor' } });
      expect(await answer.json()).toEqual({ wrapped: { id: 'p1' } });
      // The interceptor changes the answer, not what happened.
      expect(await emitted()).toEqual([{ type: 'post.published', tenant: '', data: { id: 'p1' } }]);
    },
  );

  @Injectable()
  class ListensAbove {
    @EmitsWebhook('post.published')
    @OnEvent('draft.approved')
    async publish(draft: object): Promise<object> {
      return draft;
    }
  }

  @Injectable()
  class ListensBelow {
    @OnEvent('draft.approved')
    @EmitsWebhook('post.published')
    async publish(draft: object): Promise<object> {
      return draft;
    }
  }

  it.each([
    ['above', ListensAbove],
    ['below', ListensBelow],
  ])('emits from a listener when it stands %s @OnEvent', async (_, Listener) => {
    await appWith([Listener]);
    await t.app.get(EventEmitter2).emitAsync('draft.approved', { id: 'd1' });
    expect(await emitted()).toEqual([{ type: 'post.published', tenant: '', data: { id: 'd1' } }]);
  });

  const NEVER = '0 0 0 29 2 *';

  @Injectable()
  class TicksAbove {
    @EmitsWebhook('post.published')
    @Cron(NEVER, { name: 'job' })
    async tick(): Promise<object> {
      return { from: 'cron' };
    }
  }

  @Injectable()
  class TicksBelow {
    @Cron(NEVER, { name: 'job' })
    @EmitsWebhook('post.published')
    async tick(): Promise<object> {
      return { from: 'cron' };
    }
  }

  it.each([
    ['above', TicksAbove],
    ['below', TicksBelow],
  ])('emits from a scheduled method when it stands %s @Cron', async (_, Job) => {
    await appWith([Job], { webhooks: { imports: [ScheduleModule.forRoot()] } });
    await t.app.get(SchedulerRegistry).getCronJob('job').fireOnTick();
    // The tick does not wait for what it calls.
    await vi.waitFor(async () =>
      expect(await emitted()).toEqual([{ type: 'post.published', tenant: '', data: { from: 'cron' } }]),
    );
  });
});

describe('@EmitsWebhook and scopes', () => {
  @Injectable({ scope: Scope.REQUEST })
  class RequestPosts {
    @EmitsWebhook('post.published')
    async publish(): Promise<object> {
      return { scope: 'request' };
    }
  }

  @Injectable({ scope: Scope.TRANSIENT })
  class TransientPosts {
    @EmitsWebhook('post.created')
    async create(): Promise<object> {
      return { scope: 'transient' };
    }
  }

  @Controller('posts')
  class PostsController {
    constructor(
      @Inject(RequestPosts) private readonly request: RequestPosts,
      @Inject(TransientPosts) private readonly transient: TransientPosts,
    ) {}

    @Get()
    async both(): Promise<void> {
      await this.request.publish();
      await this.transient.create();
    }
  }

  it('emits from request-scoped and transient providers', async () => {
    await appWith([RequestPosts, TransientPosts], { controllers: [PostsController] });
    await t.app.listen(0, '127.0.0.1');
    const answer = await fetch(`${await t.app.getUrl()}/posts`);
    expect(answer.status).toBe(200);
    expect(await emitted()).toEqual([
      { type: 'post.published', tenant: '', data: { scope: 'request' } },
      { type: 'post.created', tenant: '', data: { scope: 'transient' } },
    ]);
    const transient = await t.app.resolve(TransientPosts);
    await transient.create();
    expect(await emitted()).toHaveLength(3);
  });
});

describe('@EmitsWebhook on an object that Nest did not make', () => {
  class Posts {
    ran = 0;

    @EmitsWebhook('post.published', { tenant: 'acme' })
    async publish(id: string): Promise<object> {
      this.ran++;
      return { id };
    }
  }

  it('refuses before the method runs', async () => {
    const posts = new Posts();
    await expect(posts.publish('p1')).rejects.toThrow(WebhookEmitterMissingError);
    await expect(posts.publish('p1')).rejects.toThrow('Posts.publish has @EmitsWebhook');
    const { publish } = posts;
    await expect(publish('p1')).rejects.toThrow(WebhookEmitterMissingError);
    expect(posts.ran).toBe(0);
  });

  it('emits to the emitter that provideWebhookEmitter gave it', async () => {
    const posts = new Posts();
    const emit = vi.fn();
    provideWebhookEmitter(posts, { emit });
    await posts.publish('p1');
    expect(emit.mock.calls).toEqual([['post.published', { id: 'p1' }, { tenant: 'acme' }]]);
    expect(Object.keys(posts)).toEqual(['ran']);
  });
});

describe('A manager whose transaction TypeORM does not know', () => {
  it('is refused, begun by hand or ended, and nothing is stored', async () => {
    await appWith([]);
    const runner = t.dataSource.createQueryRunner();
    const emit = (): Promise<unknown> => t.webhooks.emit('post.published', {}, { manager: runner.manager });
    const refused = { code: 'webhooks/invalid-emit-option', option: 'manager' };
    await runner.query('BEGIN');
    await expect(emit()).rejects.toMatchObject(refused);
    await runner.query('ROLLBACK');
    await runner.startTransaction();
    await runner.commitTransaction();
    await expect(emit()).rejects.toMatchObject(refused);
    await runner.startTransaction();
    await emit();
    await runner.commitTransaction();
    await runner.release();
    expect(await types()).toEqual(['post.published']);
  });
});
