import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { WebhookEndpoint, WebhooksService } from 'nestjs-webhooks';
import { expect, it } from 'vitest';
import { sampleDatabase, startSampleApp } from '../support/sample-app.js';
import { smtpSink } from '../support/smtp-sink.js';

const DAY_MS = 24 * 3_600_000;

it('the sample app writes to the owner of a webhook that has begun to fail, once, with the day on which it is turned off', async () => {
  const database = await sampleDatabase('sqlite');
  const sink = await smtpSink();
  const failing = createServer((_, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => failing.listen(0, '127.0.0.1', resolve));
  const { app } = await startSampleApp({
    DATABASE_URL: database.url,
    ACCOUNT_API_KEYS: 'acme:key1,globex:key2',
    ACCOUNT_EMAILS: 'acme:dev@acme.example',
    SMTP_URL: sink.url,
    WEBHOOKS_ALLOW_LOCAL: '1',
  });
  try {
    const webhooks = app.get(WebhooksService);
    const url = `http://127.0.0.1:${(failing.address() as AddressInfo).port}/hook`;
    const events = ['post.published'];
    const start = Math.floor(Date.now() / 1_000) * 1_000;
    // Of globex, nobody knows an address.
    for (const [tenant, times] of [
      ['globex', 1],
      ['acme', 2],
    ] as const) {
      const { id } = await webhooks.endpoints.create(tenant, {
        name: 'Büro\r\n.\r\nSubject: x',
        url,
        events,
      });
      const failingSince = start - 2 * DAY_MS;
      await app.get(DataSource).getRepository(WebhookEndpoint).update({ id }, { failingSince });
      const data = { post_id: 'p1', platform: 'twitter', content: 'c', url: 'https://x.example/1' };
      for (let n = 0; n < times; n++)
        await webhooks.emit(
          'post.published',
          { ...data, published_at: new Date(start).toISOString() },
          { tenant },
        );
      await webhooks.deliverDue();
    }
    await expect.poll(() => sink.mails.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sink.mails).toHaveLength(1);
    const [mail] = sink.mails;
    const day = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' }).format(
      start + 3 * DAY_MS,
    );
    expect(mail).toMatchObject({
      from: 'webhooks@roundabout.example',
      to: 'dev@acme.example',
      headers: { subject: 'Your webhook fails' },
    });
    expect(mail!.text).toContain(`If it goes on, we turn the webhook off on ${day}.`);
    expect(mail!.text).toContain('Büro');
  } finally {
    await app.close();
    await sink.stop();
    failing.close();
    await database.drop();
  }
});
