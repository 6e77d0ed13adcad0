import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, describe, expect, it } from 'vitest';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Allow, IsUrl } from 'class-validator';
import { RecordingLogger } from '../support/bare-app.js';
import { restApp, type HeaderRequest, type RestApp, type RestAppOptions } from '../support/rest-app.js';
import { EVENTS } from '../support/sending-app.js';

const HOSTILE = 'x\r\nlog FORGED\n\u001b[2J\u001b[31mred\u009b0m\u2028\u202egnp.exe\0';
/** What would begin a line, steer a terminal, or turn the text round. The line breaks of a stack are looked at apart. */
const STEERING = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

class Post {
  @IsUrl({}, { message: 'url must be a URL, got $value' })
  url!: string;

  @Allow()
  title?: string;
}

class ThrowingGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<HeaderRequest>();
    if (headers['x-account'] === 'broken') throw new Error(`No account ${HOSTILE}`);
    return true;
  }
}

describe.each(['sqlite', 'postgres', 'mariadb'] as const)('On %s', (database) => {
  let rest: RestApp;
  let logger: RecordingLogger;
  afterEach(() => rest.stop());

  const start = async (webhooks: RestAppOptions['webhooks'] = {}): Promise<void> => {
    logger = new RecordingLogger();
    rest = await restApp({ database, logger, webhooks });
  };
  const expectCleanLines = (): void => {
    for (const line of logger.lines) {
      expect(line).not.toMatch(STEERING);
      const [, ...frames] = line.split('\n');
      expect(frames.filter((frame) => !/^ +at \S/.test(frame))).toEqual([]);
      expect(line.split('\n')[0]!.length).toBeLessThan(1_200);
    }
  };

  it('no text of a customer forges, colours or floods a line of the log', async () => {
    await start({ events: { ...EVENTS, 'post.moved': { on: 'post.moved', payload: Post } } });
    const tenant = 'acme';
    const id = await rest.endpoint(tenant, { name: HOSTILE.replace('\0', ''), description: 'a\r\nb' });
    const as = rest.as(tenant);
    rest.app.get(EventEmitter2).on('webhooks.delivery.succeeded', () => {
      throw new Error(`${HOSTILE}${'y'.repeat(1_000_000)}`);
    });
    await rest.app
      .get(EventEmitter2)
      .emitAsync('post.moved', { url: HOSTILE, title: HOSTILE })
      .catch(() => undefined);
    await as.post(`/${id}/test`, { eventType: 'post.created' });
    await as.post(`/${id}/test`, { eventType: HOSTILE });
    await as.post('/', { name: HOSTILE, url: `https://example.com/${HOSTILE}`, events: [HOSTILE] });
    await as.patch(`/${id}`, { headers: { [HOSTILE]: 'x', 'x-a': HOSTILE }, [HOSTILE]: HOSTILE });
    await as.get(`/${encodeURIComponent(HOSTILE)}`);
    await as.get(`/?search=${encodeURIComponent(HOSTILE)}&${encodeURIComponent(HOSTILE)}=1`);
    await rest.webhooks.emit('post.created', { text: HOSTILE }, { tenant, idempotencyKey: 'a b' });
    await rest.settled();
    await rest.dataSource
      .createQueryBuilder()
      .update('webhook_endpoints')
      .set({ secrets: `sealed:v1:${HOSTILE.replace('\0', '')}:x` })
      .execute();
    await as.get(`/${id}/secret`);
    await rest.webhooks.emit('post.created', {}, { tenant });
    await rest.settled();

    expectCleanLines();
    for (const expected of [/A listener of .* threw/, /post\.moved → post\.moved/, /can't be opened/]) {
      expect(logger.matching(expected).length).toBeGreaterThan(0);
    }
  });

  it('an error that nobody expected is logged with its stack, and on lines of its own', async () => {
    await start({ api: { guards: [ThrowingGuard], tenant: () => 'acme' } });

    const { status, text } = await rest.as('broken').get('/');

    expect([status, text]).toEqual([500, expect.not.stringContaining('FORGED')]);
    expectCleanLines();
    const [line] = logger.matching(/No account x/);
    expect(line).toMatch(/^error Error: No account x\\u000d\\u000alog FORGED.*\n +at .*canActivate/);
  });

  it('an error quotes the start of the bad value, and says how to correct it', async () => {
    await start();
    const long = 'long.'.repeat(10_000);
    const as = rest.as('acme');
    const answers = [
      await as.post('/', { name: 5, url: ['x'], events: [long.slice(0, 120)] }),
      await as.post('/', { name: 'x', url: 'https://example.com', events: ['*'], [long]: 1 }),
      await as.post('/', Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n]))),
      await as.get(`/?limit=abc&active=maybe`),
    ];

    for (const { status, text } of answers) {
      expect(status).toBe(400);
      expect(text.length).toBeLessThan(20_000);
    }
    expect(answers[0]!.body.details).toEqual(
      expect.arrayContaining([
        { field: 'name', message: 'name must be a string, got 5.', code: 'not-text', params: {} },
        { field: 'url', message: 'url must be a string, got a list of 1.', code: 'not-text', params: {} },
      ]),
    );
    expect(answers[1]!.body.details).toEqual([
      {
        field: `${long.slice(0, 256)}…`,
        message: `'${long.slice(0, 64)}…' is no property that can be given here. Remove it.`,
        code: 'unknown-field',
        params: { name: `${long.slice(0, 256)}…` },
      },
    ]);
    expect(answers[2]!.body.details).toHaveLength(100);
    expect(answers[2]!.body.message).toMatch(/And 49\d\d more problems\.$/);
    expect(answers[3]!.body.details).toEqual(
      expect.arrayContaining([
        {
          field: 'active',
          message: "active must be true or false, got 'maybe'.",
          code: 'not-boolean',
          params: {},
        },
      ]),
    );
  });
});
