import { createRequire } from 'node:module';
import { AbstractLogger } from 'typeorm';
import { afterEach, expect, it } from 'vitest';
import { WebhookDelivery, WebhookEndpoint } from 'nestjs-webhooks';
import { daily } from '../support/daily.js';
import { createDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

/** It has no types for ES modules. */
const { format } = createRequire(import.meta.url)('mysql2') as {
  format(sql: string, params: unknown[]): string;
};

/** The `max_allowed_packet` that some servers still have, in bytes. */
const SMALL_PACKET = 1_000_000;

/** Keeps how large the largest statement was, its values included. */
class SizeLogger extends AbstractLogger {
  largest = 0;

  override logQuery(sql: string, params: unknown[] = []): void {
    // As the driver sends it: with the values in it.
    this.largest = Math.max(this.largest, Buffer.byteLength(format(sql, params)));
  }

  protected writeLog(): void {}
}

async function measuredApp(kind: 'mariadb' | 'mysql'): Promise<SizeLogger> {
  const { options, drop } = await createDatabase(kind);
  const logger = new SizeLogger(true);
  t = await sendingApp({ on: { options: { ...options, logger }, drop }, migrate: true });
  cleanUp = drop;
  return logger;
}

let t: SendingApp;
let cleanUp: () => Promise<void>;
afterEach(async () => {
  await t.stop();
  await cleanUp();
});

it.each(daily(['mysql'], 'mariadb'))(
  'an event to 8,000 endpoints is stored by small statements on %s',
  async (kind) => {
    const logger = await measuredApp(kind);
    const { id } = await t.endpoint({ active: false });
    const endpoints = t.dataSource.getRepository(WebhookEndpoint);
    const one = { ...(await endpoints.findOneByOrFail({ id })), secrets: '[]', active: true };
    for (let start = 0; start < 8_000; start += 1_000) {
      const some = Array.from({ length: 1_000 }, (_, n) => ({ ...one, id: `ep_${start + n}` }));
      await endpoints.createQueryBuilder().insert().values(some).updateEntity(false).execute();
    }
    logger.largest = 0;
    const undone = t.dataSource.transaction(async (manager) => {
      await t.webhooks.emit('post.created', {}, { tenant: 'acme', manager });
      expect(await manager.getRepository(WebhookDelivery).count()).toBe(8_000);
      throw new Error('Nothing is sent.');
    });
    await expect(undone).rejects.toThrow('Nothing is sent.');
    expect(logger.largest).toBeLessThan(SMALL_PACKET / 2);
  },
);

it.each(daily(['mysql'], 'mariadb'))(
  'concurrent events and outcomes are stored by small statements on %s, however large they are',
  async (kind) => {
    const logger = await measuredApp(kind);
    await t.endpoint();
    // Quotes take twice the room in a statement, and an umlaut two bytes.
    const text = '"ü'.repeat(20_000);
    t.receiver.answer = { status: 200, headers: {}, body: text };
    await Promise.all(
      Array.from({ length: 30 }, () => t.webhooks.emit('post.created', { text }, { tenant: 'acme' })),
    );
    await t.receiver.received(30);
    await t.settled();
    expect(await t.dataSource.getRepository(WebhookDelivery).countBy({ status: 'succeeded' })).toBe(30);
    expect(logger.largest).toBeLessThan(SMALL_PACKET / 2);
  },
);
