import { AbstractLogger } from 'typeorm';
import { afterEach, expect, it } from 'vitest';
import { WebhookDelivery, WebhookEndpoint } from 'nestjs-webhooks';
import { createDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

/** The `max_allowed_packet` that some servers still have, in bytes. */
const SMALL_PACKET = 1_000_000;

/** Keeps how large the largest statement was, its values included. */
class SizeLogger extends AbstractLogger {
  largest = 0;

  override logQuery(sql: string, params: unknown[] = []): void {
    const size = params.reduce<number>((sum, value) => sum + String(value).length + 2, sql.length);
    this.largest = Math.max(this.largest, size);
  }

  protected writeLog(): void {}
}

let t: SendingApp;
afterEach(() => t.stop());

it.each(['mariadb', 'mysql'] as const)(
  'an event to 8,000 endpoints is stored by small statements on %s',
  async (kind) => {
    const { options, drop } = await createDatabase(kind);
    const logger = new SizeLogger(true);
    t = await sendingApp({ on: { options: { ...options, logger }, drop }, migrate: true });
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
