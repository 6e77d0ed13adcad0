import {
  Catch,
  ClassSerializerInterceptor,
  Controller,
  Get,
  HttpException,
  Injectable,
  Module,
  ParseIntPipe,
  ValidationPipe,
  VersioningType,
  type ArgumentsHost,
  type CallHandler,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type PipeTransform,
  type Provider,
} from '@nestjs/common';
import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, HttpAdapterHost, Reflector } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import compression from 'compression';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { map, of, repeat, retry, tap, timeout, type Observable } from 'rxjs';
import { type ADAPTERS, type RestAppOptions } from './rest-app.js';

type Adapter = (typeof ADAPTERS)[number];

/** A route of the app itself, which shows a test whether a setting has an effect. */
@Controller('own')
export class OwnController {
  private calls = 0;

  @Get()
  get(): { calls: number } {
    return { calls: ++this.calls };
  }

  @Get('broken')
  broken(): never {
    throw new HttpException('Broken', 418);
  }
}

/** Wraps responses as `{ success, data }`, as many apps do. */
export class Wrapping implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ success: true, data })));
  }
}

class ShortCircuit implements NestInterceptor {
  intercept(): Observable<unknown> {
    return of({ maintenance: true });
  }
}

/** Would time out every handler, and run it again and again. */
class Impatient implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(timeout(1), retry(2), repeat(2));
  }
}

class Refusing implements NestInterceptor {
  intercept(): never {
    throw new HttpException('Not today', 503);
  }
}

/** Writes to the response, which interceptors should not do, but some do. */
class Writing implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<Response>();
    response.header('x-powered-by', 'interceptor');
    response.header('cache-control', 'public, max-age=600');
    return next.handle().pipe(tap(() => response.status(202).send({ success: true })));
  }
}

@Catch()
class CatchAll implements ExceptionFilter {
  catch(_: unknown, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<Response>().status(200).send({ success: false });
  }
}

class Shouting implements PipeTransform {
  transform(value: unknown): unknown {
    return typeof value === 'string' ? value.toUpperCase() : { ...(value as object), extra: true };
  }
}

@Injectable()
class Injected extends Wrapping {
  constructor(readonly adapterHost: HttpAdapterHost) {
    super();
  }
}

const provided = (providers: Provider[], imports: RestAppOptions['imports'] = []): RestAppOptions => {
  @Module({ imports, providers, controllers: [OwnController] })
  class AppWideModule {}
  return { imports: [AppWideModule] };
};
const configured = (configure: (app: INestApplication) => unknown): RestAppOptions => ({
  ...provided([]),
  configure,
});
const interceptors = (...list: NestInterceptor[]): RestAppOptions =>
  configured((app) => app.useGlobalInterceptors(...list));

/** An app whose CacheInterceptor stores wrapped responses. */
export const caching = (...inner: Provider[]): RestAppOptions =>
  provided(
    [{ provide: APP_INTERCEPTOR, useClass: CacheInterceptor }, ...inner],
    [CacheModule.register({ ttl: 600_000, isGlobal: true })],
  );

/** Replaces parts of Express that apps can replace. */
function patchedExpress(app: INestApplication): void {
  app.use(helmet());
  app.use(compression({ threshold: 0 }));
  app.use((_: Request, response: Response, next: NextFunction) => {
    const [json, send] = [response.json.bind(response), response.send.bind(response)];
    response.json = (data: unknown) => json({ success: true, data });
    response.send = (data: unknown) => send(typeof data === 'string' ? `<!-- ${data} -->` : data);
    next();
  });
  const express = app.getHttpAdapter().getInstance() as { set(name: string, value: unknown): void };
  express.set('etag', 'strong');
  express.set('json spaces', 2);
  express.set('json escape', true);
  express.set('json replacer', (_: string, value: unknown) => (value === null ? 'nothing' : value));
}

interface FastifyReply {
  header(name: string, value: string): unknown;
}

function hookedFastify(app: INestApplication): void {
  const fastify = app.getHttpAdapter().getInstance() as {
    addHook(name: string, hook: (...parameters: never[]) => Promise<unknown>): void;
    setReplySerializer(serializer: (data: unknown) => string): void;
  };
  fastify.addHook('onRequest', async (_: unknown, reply: FastifyReply) => {
    reply.header('content-security-policy', "default-src 'self'");
  });
  fastify.addHook('preSerialization', async (_: unknown, __: unknown, data: unknown) => ({ data }));
  fastify.addHook('onSend', async (_: unknown, reply: FastifyReply, payload: unknown) => {
    reply.header('x-sent-by', 'the app');
    return payload;
  });
  fastify.setReplySerializer((data) => JSON.stringify({ success: true, data }));
}

export const GLOBAL_SETTINGS: Record<string, (adapter: Adapter) => RestAppOptions> = {
  'useGlobalInterceptors with { success, data }': () => interceptors(new Wrapping()),
  'APP_INTERCEPTOR with { success, data }': () =>
    provided([{ provide: APP_INTERCEPTOR, useClass: Injected }]),
  CacheInterceptor: () => caching(),
  'CacheInterceptor around { success, data }': () =>
    caching({ provide: APP_INTERCEPTOR, useClass: Wrapping }),
  ClassSerializerInterceptor: () =>
    configured((app) =>
      app.useGlobalInterceptors(
        new ClassSerializerInterceptor(app.get(Reflector), {
          strategy: 'excludeAll',
        }),
      ),
    ),
  'an interceptor that answers itself': () => interceptors(new ShortCircuit()),
  'an interceptor that times out and repeats': () => interceptors(new Impatient()),
  'an interceptor that throws': () => interceptors(new Refusing()),
  'an interceptor that writes': () => interceptors(new Writing()),
  'a filter of all errors, by useGlobalFilters': () =>
    configured((app) => app.useGlobalFilters(new CatchAll())),
  'a filter of all errors, by APP_FILTER': () => provided([{ provide: APP_FILTER, useClass: CatchAll }]),
  'ValidationPipe at its strictest': () =>
    configured((app) =>
      app.useGlobalPipes(
        new ValidationPipe({
          whitelist: true,
          transform: true,
          forbidNonWhitelisted: true,
          forbidUnknownValues: true,
          validateCustomDecorators: true,
        }),
      ),
    ),
  'pipes that change everything': () =>
    provided([
      { provide: APP_PIPE, useClass: Shouting },
      { provide: APP_PIPE, useClass: ParseIntPipe },
    ]),
  'a throttler, CORS and a raw body': () => ({
    ...provided(
      [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
      [ThrottlerModule.forRoot([{ ttl: 60_000, limit: 1_000 }])],
    ),
    rawBody: true,
    configure: (app) => app.enableCors({ origin: 'https://front.example.com', credentials: true }),
  }),
  'versions by a header, and a prefix with exceptions': () =>
    configured((app) => {
      app.setGlobalPrefix('api', { exclude: ['health'] });
      app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version', defaultVersion: '3' });
    }),
  'versions by the media type': () =>
    configured((app) => app.enableVersioning({ type: VersioningType.MEDIA_TYPE, key: 'v=' })),
  'what the adapter lets an app put in between': (adapter) =>
    configured(adapter === 'express' ? patchedExpress : hookedFastify),
};

/** All settings that work together, in one app. */
export const everything = (adapter: Adapter): RestAppOptions => ({
  adapter,
  ...caching(
    { provide: APP_INTERCEPTOR, useClass: Injected },
    { provide: APP_FILTER, useClass: CatchAll },
    { provide: APP_PIPE, useClass: Shouting },
  ),
  rawBody: true,
  configure: (app) => {
    (adapter === 'express' ? patchedExpress : hookedFastify)(app);
    app.enableCors({ origin: 'https://front.example.com', credentials: true });
    app.useGlobalInterceptors(
      new Writing(),
      new Impatient(),
      new ClassSerializerInterceptor(app.get(Reflector), { strategy: 'excludeAll' }),
    );
    app.useGlobalPipes(new ParseIntPipe());
  },
});
